"""Notices and history of accounts: invitations, second factors, sessions."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from municipality.accounts.secret_links import invitation_mail, password_reset_mail
from municipality.notifications.kinds import NoticeKind
from municipality.web.frame import PRODUCT

ACCOUNT_NOTICES = (
    NoticeKind(
        "invitation.sent",
        format_lazy(_("{product}への招待"), product=PRODUCT),
        _(
            "下のリンクから、ログイン名とパスワードを決めて登録してください。リンクは%(until)sまで、1回だけ使えます。"
        ),
        "",
        urgent=True,
        letter=invitation_mail,
    ),
    NoticeKind(
        "invitation.renewed",
        _("ログインのやり直しの案内"),
        _(
            "下のリンクから、新しいパスワードと認証アプリを登録してください。リンクは%(until)sまで、1回だけ使えます。"
        ),
        "",
        urgent=True,
        letter=invitation_mail,
    ),
    NoticeKind(
        "account.reset",
        _("パスワードの再設定"),
        _(
            "再設定の申込みがありました。あなたが申し込んだときは、2時間以内に案内のリンクから決め直してください。覚えがないときは、何もする必要はありません。"
        ),
        "",
        letter=password_reset_mail,
    ),
    NoticeKind(
        "account.password",
        _("パスワードが変更されました"),
        _("覚えがないときは、すぐに事務局に連絡してください。"),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.factor",
        _("認証アプリが登録されました"),
        _("覚えがないときは、すぐに事務局に連絡してください。"),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.table",
        _("確認コード表が登録されました"),
        _("覚えがないときは、すぐに事務局に連絡してください。"),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.table_low",
        _("確認コード表の残りが少なくなりました"),
        _(
            "残りは%(left)s個です。なくなるとログインできません。アカウントのページで、新しい表に替えてください。"
        ),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.renewal",
        _("ログインのやり直しが申し込まれました"),
        _(
            "2人目の確認が済むと、パスワードと認証アプリを登録し直す案内が届きます。覚えがないときは、すぐに事務局に連絡してください。"
        ),
        "",
        urgent=True,
    ),
    NoticeKind(
        "renewal.asked",
        _("ログインのやり直しの確認「%(name)s」"),
        _(
            "本人であることを確かめてから、確認してください。申し込んだ人とは別の人の確認が必要です。"
        ),
        "municipality:renewal",
        urgent=True,
    ),
    NoticeKind(
        "account.recovery",
        _("回復コードでログインしました"),
        _("残りは%(left)s個です。覚えがないときは、すぐに事務局に連絡してください。"),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.guessed",
        _("2つ目の確認に続けて失敗しています"),
        _(
            "パスワードが他の人に知られたおそれがあります。覚えがないときは、パスワードを変更し、事務局に連絡してください。"
        ),
        "",
        urgent=True,
    ),
    NoticeKind(
        "account.ending",
        _("%(name)sさんのアカウントは%(day)sで終わります"),
        _(
            "発令の終了日を過ぎると、画面も通知も使えなくなります。続けるときは、発令の終了日を改めてください。"
        ),
        "municipality:member",
    ),
    NoticeKind(
        "account.locked",
        _("%(name)sさんの本人の確認が必要です"),
        _(
            "別の団体でログインの方法が作り直されました。本人であることを確かめてから、利用を再開してください。"
        ),
        "municipality:member",
        urgent=True,
    ),
)


ACCOUNT_VERBS = {
    "invitation.sent": _("招待しました"),
    "invitation.renewed": _("ログインのやり直しを案内しました"),
    "invitation.many": _("まとめて招待しました"),
    "invitation.slips": _("招待状をまとめて表示しました"),
    "sign_in.lifted": _("ログインの停止を解除しました"),
    "invitation.printed": _("招待状を表示しました"),
    "invitation.accepted": _("招待を受け入れました"),
    "invitation.joined": _("既存の利用者として参加しました"),
    "renewal.asked": _("ログインのやり直しを申し込みました"),
    "renewal.confirmed": _("ログインのやり直しを確認しました"),
    "renewal.refused": _("ログインのやり直しを取りやめました"),
    "account.renewed": _("ログインの方法を作り直しました"),
    "account.locked": _("本人の確認待ちにしました"),
    "account.unlocked": _("本人を確かめ、利用を再開しました"),
    "account.changed": _("アカウントの設定を変更しました"),
    "provider.added": _("庁内アカウントの接続先を登録しました"),
    "provider.changed": _("庁内アカウントの接続先を変更しました"),
    "provider.tried": _("庁内アカウントの接続を確かめました"),
    "provider.stopped": _("庁内アカウントの接続先の使用をやめました"),
    "sign_in.succeeded": _("パスワードの確認を通りました"),
    "sign_in.failed": _("ログインに失敗しました"),
    "sign_in.limited": _("ログインの試みを止めました"),
    "sign_in.refused": _("庁内アカウントでのログインを断りました"),
    "sign_in.ended": _("ログアウトしました"),
    "password.asked": _("パスワードの再設定を申し込みました"),
    "password.changed": _("パスワードを変更しました"),
    "second_factor.passed": _("2つ目の確認を通りました"),
    "second_factor.failed": _("2つ目の確認に失敗しました"),
    "second_factor.limited": _("2つ目の確認の試みを止めました"),
    "second_factor.enrolled": _("2つ目の確認の方法を登録しました"),
    "recovery_codes.renewed": _("回復コードを作り直しました"),
    "sessions.ended": _("自分のログインを終わらせました"),
    "sessions.cut": _("この人のログインを終わらせました"),
}
