"""Notices and history of completions (修了): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

COMPLETION_NOTICES = (
    NoticeKind(
        "training.voided",
        _("「%(title)s」の修了の記録が取り消されました"),
        _("取消しの理由を確認してください。受講が必要なときは、期限までに受講してください。"),
        "training:assignment",
    ),
    NoticeKind(
        "training.voided_alone",
        _("「%(title)s」の修了の記録が取り消されました"),
        _("受講の割当てのない修了の記録です。取消しの理由を確認してください。"),
        "training:completion",
    ),
)

COMPLETION_VERBS = {
    "training.completed": _("研修の修了を記録しました"),
    "training.class_completed": _("研修の修了をまとめて記録しました"),
    "training.completion_voided": _("研修の修了を取り消しました"),
    "training.completions_taken_in": _("研修の修了をファイルから取り込みました"),
}
