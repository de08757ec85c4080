"""History of the organisation: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ORGANISATION_VERBS = {
    "municipality.created": _("団体を登録しました"),
    "duty.given": _("職務を付与しました"),
    "duty.ended": _("職務を終えました"),
    "department.added": _("部署を登録しました"),
    "department.changed": _("部署の名称や上位部署の変更を登録しました"),
    "department.begun": _("登録済みの部署の変更が始まりました"),
    "department.reorganised": _("部署の統合・分割を登録しました"),
    "department.followed": _("終わった部署の仕事を引継ぎ先に移しました"),
    "body.changed": _("団体の設定を変更しました"),
    "closed_day.added": _("閉庁日を登録しました"),
    "closed_day.removed": _("閉庁日を削除しました"),
    "employment_kind.added": _("任用区分を登録しました"),
    "employment_kind.changed": _("任用区分の数え方を変更しました"),
    "employment_kind.given": _("任用区分を補いました"),
    "post.added": _("職位を登録しました"),
    "post.renamed": _("職位の名称を変更しました"),
    "post.moved": _("職位の順位を変更しました"),
    "post.removed": _("職位を削除しました"),
}
