"""Notices and history of the log and its disposal: how they are worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

RECORD_NOTICES = (
    NoticeKind(
        "disposal.proposed",
        _("記録の廃棄の承認をお願いします"),
        _("事務局から申出がありました。内容を確認し、承認するかどうかを決めてください。"),
        "municipality:disposal",
        urgent=True,
    ),
    NoticeKind(
        "disposal.refused",
        _("記録の廃棄は承認されませんでした"),
        _("意見を確認してください。"),
        "municipality:disposal",
        urgent=True,
    ),
    NoticeKind(
        "disposal.done",
        _("記録の廃棄が終わりました"),
        _("内容を消した行 %(erased)s行、除いた行 %(removed)s行。"),
        "municipality:disposal",
    ),
    NoticeKind(
        "log.broken",
        _("アクセスログの検証で不一致が見つかりました"),
        _(
            "行 %(line)s が合いません。データベースを直接変更したおそれがあります。運用管理者に連絡してください。"
        ),
        "municipality:log_check_of",
        urgent=True,
    ),
)

RECORD_VERBS = {
    "log.read": _("アクセスログを見ました"),
    "log.exported": _("アクセスログを出力しました"),
    "log.broken": _("アクセスログの検証で不一致が見つかりました"),
    "retention.set": _("記録の保存年限を変更しました"),
    "disposal.proposed": _("記録の廃棄を申し出ました"),
    "disposal.approved": _("記録の廃棄を承認しました"),
    "disposal.refused": _("記録の廃棄を承認しませんでした"),
    "disposal.withdrawn": _("記録の廃棄の申出を取り下げました"),
    "disposal.done": _("記録を廃棄しました"),
}
