"""Notices and history of actions (改善項目): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

ACTION_NOTICES = (
    NoticeKind(
        "action.given",
        _("改善項目の担当になりました「%(what)s」"),
        _("期限までに行い、経過と結果を報告してください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.taken",
        _("改善項目の担当が変わりました「%(what)s」"),
        _("担当がほかの人に変わりました。この改善項目で行うことはもうありません。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.moved",
        _("改善項目の期限が変わりました「%(what)s」"),
        _("新しい期限と変更の理由を確かめてください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.wanted",
        _("改善項目の期限を変えたいという希望があります「%(what)s」"),
        _("経過の報告を読み、期限を変更するかどうかを決めてください。"),
        "evaluation:action",
    ),
    NoticeKind(
        "action.reopened",
        _("改善項目が進行中に戻りました「%(what)s」"),
        _("戻した理由を確かめ、続きを行ってください。"),
        "evaluation:action",
    ),
)

ACTION_VERBS = {
    "action.added": _("改善項目を加えました"),
    "action.cancelled": _("改善項目を取りやめました"),
    "action.changed": _("改善項目を変更しました"),
    "action.finished": _("改善項目を完了しました"),
    "action.given": _("改善項目の担当を変更しました"),
    "action.moved": _("改善項目の期限を変更しました"),
    "action.reopened": _("改善項目を進行中に戻しました"),
    "action.reported": _("改善項目の経過を報告しました"),
}
