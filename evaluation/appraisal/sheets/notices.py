"""Notices and history of goal sheets (目標シート): how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

SHEET_NOTICES = (
    NoticeKind(
        "sheet.agreed",
        _("目標が確定しました(%(period)s)"),
        _("評価者との面談を経て、目標が確定しました。"),
        "evaluation:sheet",
    ),
    NoticeKind(
        "sheet.returned",
        _("目標の差戻し(%(period)s)"),
        _("理由を確かめ、目標を直して、もう一度提出してください。"),
        "evaluation:sheet",
    ),
)

SHEET_VERBS = {
    "sheet.agreed": _("目標を確定しました"),
    "sheet.handed_over": _("目標シートを引き継ぎました"),
    "sheet.listed": _("目標シートの一覧を見ました"),
    "sheet.opened": _("目標シートを開きました"),
    "sheet.read": _("目標シートを読みました"),
    "sheet.returned": _("目標を差し戻しました"),
    "sheet.saved": _("目標を保存しました"),
    "sheet.submitted": _("目標を提出しました"),
}
