"""Notices and history of transfers (人事異動): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

TRANSFER_NOTICES = (
    NoticeKind(
        "transfer.taken",
        _("人事異動で%(count)s件の仕事を引き継ぎました"),
        _("引き継いだ内容を確認してください。期限のあるものは、対応事項にも表示されます。"),
        "municipality:transfer",
    ),
    NoticeKind(
        "transfer.vacant",
        _("人事異動の後、担当者のいない仕事が%(count)s件あります"),
        _("内容を確認し、担当者を決めてください。"),
        "municipality:transfer",
    ),
)

TRANSFER_VERBS = {
    "transfer.passed": _("人事異動で仕事を引き継ぎました"),
    "transfer.read": _("引き継がれた仕事の一覧を見ました"),
    "transfer.finished": _("人事異動の引継ぎを終えました"),
}
