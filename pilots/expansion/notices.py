"""Notices and history of expansion (展開): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

EXPANSION_NOTICES = (
    NoticeKind(
        "pilots.widened",
        _("「%(title)s」が新しい試行になりました"),
        _("展開申請が決裁されました。参加者を加え、開始の準備をしてください。"),
        "pilots:pilot",
    ),
)

EXPANSION_VERBS = {
    "expansion.requested": _("展開を申請しました"),
    "expansion.changed": _("展開申請を変更しました"),
    "expansion.department_planned": _("展開先の部署の計画を変更しました"),
    "expansion.approved": _("展開申請が決裁されました"),
    "expansion.returned": _("展開申請が差し戻されました"),
    "expansion.taken_back": _("展開申請を引き戻しました"),
    "expansion.rejected": _("展開申請が却下されました"),
    "expansion.withdrawn": _("展開申請が取り下げられました"),
}
