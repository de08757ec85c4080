"""What reminding itself tells: the office's own words, what is held back, and the test mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.notifications.kinds import NoticeKind

REMINDER_NOTICES = (
    NoticeKind("announcement", "%(subject)s", "%(body)s", ""),
    NoticeKind(
        "reminders.held",
        _("督促がふだんより多いため、送る前に止めています"),
        _("送ってよいか、内容を確認してください。確認するまで、止めた督促は届きません。"),
        "municipality:hold",
    ),
    NoticeKind(
        "mail.test",
        _("テストメール"),
        _("このメールが読めれば、通知のメールは届きます。"),
        "",
        urgent=True,
        security=True,
    ),
)


REMINDER_VERBS = {
    "ladder.set": _("督促の段階を設定しました"),
    "wording.set": _("通知の文面を変更しました"),
    "reminders.held": _("督促がふだんより多いため止めました"),
    "reminders.released": _("止めた督促を送りました"),
    "reminders.dropped": _("止めた督促を取りやめました"),
    "announcement.sent": _("事務局からのお知らせを送りました"),
    "mail.tested": _("テストメールを送りました"),
    "mail.retried": _("届かなかったメールをもう一度送りました"),
    "mail.given_up": _("メールアドレスを届かないものとしました"),
    "hours.set": _("メールを受け取る時間を変更しました"),
    "feed.made": _("予定表のアドレスを作りました"),
    "feed.ended": _("予定表のアドレスを止めました"),
}
