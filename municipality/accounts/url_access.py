"""Access to addresses outside the bodies: each address that does not lie below /<code>/ is declared
here once, with its access level and the reason.

An address that is in no list is refused at run time, whichever app it comes from; so is one without
a name. The pages of a body need no line here: they declare their rule by `@page` and always require
sign-in and second factor.
"""

from __future__ import annotations

from enum import IntEnum


class AccessLevel(IntEnum):
    """Level of sign-in that an address requires; a higher level includes the lower ones."""

    OPEN = 0
    SIGNED_IN = 1
    VERIFIED = 2
    SHUT = 3


WITHOUT_SESSION = {
    "account_login": "ログインするため",
    "account_reset_password": "パスワードを忘れた人はログインできないため",
    "account_reset_password_done": "案内を送ったことを伝えるため",
    "account_reset_password_from_key": "メールのリンクから来る人はまだログインしていないため",
    "account_reset_password_from_key_done": "新しいパスワードでのログインへ案内するため",
    "account_inactive": "止められた人に、その理由と連絡先を伝えるため",
    "openid_connect_login": "庁内アカウントでログインするため",
    "municipality_outside:provider_login": "庁内アカウントでログインするため",
    "openid_connect_callback": "庁内アカウントの認証から戻るため",
    "municipality_outside:provider_callback": "庁内アカウントの認証から戻るため",
    "municipality_outside:signed_out": "ログアウトした人に、庁内アカウントからのログアウトも案内するため",
    "socialaccount_login_cancelled": "庁内アカウントの認証をやめた人を戻すため",
    "socialaccount_login_error": "庁内アカウントの認証の失敗を伝えるため",
    "municipality_outside:invitation": "招待された人はまだ登録していないため",
    "municipality_outside:invitation_code": "紙の招待状を受け取った人はまだ登録していないため",
    "municipality_outside:invitation_form": "招待された人はまだ登録していないため",
    "municipality_outside:calendar": "予定表のソフトはログインできず、秘密のアドレスで読むため",
}
"""Pages reached without a session, each with its reason. Half signed in, one is sent on to the
second factor first.
"""


FOR_EVERYBODY = {
    "municipality_outside:language": "言語はどの段階でも選べる必要があるため",
    "municipality_outside:accessibility": "アクセシビリティ方針は公開するため",
    "municipality_outside:healthz": "動作の監視は利用者ではないため",
    "municipality_outside:readyz": "動作の監視は利用者ではないため",
}
"""Pages that neither ask nor show who somebody is."""


BEFORE_SECOND_FACTOR = {
    "account_logout": "確認できない人もログアウトできる必要があるため",
    "municipality_outside:two_factor_verify": "2つ目の確認そのもののため",
    "municipality_outside:recovery": "認証アプリを使えない人が回復コードで確認するため",
    "municipality_outside:two_factor_setup": "認証アプリを初めて登録するため",
    "municipality_outside:table_setup": "認証アプリを使えない人が、確認コード表を初めて登録するため",
    "municipality_outside:lost": "2つ目の確認ができない人に、頼む先を伝えるため",
}
"""What a signed-in user reaches without the second factor. Nothing else."""


VERIFIED = {
    "account_change_password": "自分のパスワードを変えるため",
    "account_set_password": "庁内アカウントだけの人がパスワードを決めるため",
    "account_reauthenticate": "大切な設定の前に本人を確かめるため",
    "municipality_outside:home": "自分の団体へ進むため",
    "municipality_outside:account": "自分の設定を見て変えるため",
    "municipality_outside:alive": "ログインが切れる前に続けるため",
    "municipality_outside:typed": "ログインが切れたときに入力していた内容を、本人に返すため",
    "municipality_outside:end_sessions": "自分のほかのログインを終わらせるため",
    "municipality_outside:end_one_session": "自分のログインを1つ選んで終わらせるため",
    "municipality_outside:recovery_codes": "回復コードを作り直すため",
    "municipality_outside:receiving": "自分の通知の受け取り方を決めるため",
    "municipality_outside:calendar_make": "自分の予定表のアドレスを作るため",
    "municipality_outside:calendar_end": "自分の予定表のアドレスを止めるため",
}
"""Pages of one's own account."""


SHUT = {
    "account_signup": "利用者は招待だけから生まれるため",
    "account_email": "パスワードの再設定に使うメールはアカウントのページで変えるため",
    "account_confirm_email": "同上",
    "account_email_verification_sent": "同上",
    "account_confirm_login_code": "メールの数字によるログインは使わないため",
    "socialaccount_signup": "利用者は招待だけから生まれるため",
    "socialaccount_connections": "庁内アカウントは招待のときだけ結び付けるため",
    "usersessions_list": "アカウントのページに自分のログインの一覧があるため",
    "accounts/social/login/cancelled/": "以前の版のアドレスからの転送で、使わないため",
    "accounts/social/login/error/": "同上",
    "accounts/social/signup/": "同上",
    "accounts/social/connections/": "同上",
}
"""What the sign-in library routes and this product does not offer: answered like an address that
does not exist.

What has no name stands here by its route.
"""


ACCESS_LEVELS: dict[str, AccessLevel] = {
    **dict.fromkeys(WITHOUT_SESSION, AccessLevel.OPEN),
    **dict.fromkeys(FOR_EVERYBODY, AccessLevel.OPEN),
    **dict.fromkeys(BEFORE_SECOND_FACTOR, AccessLevel.SIGNED_IN),
    **dict.fromkeys(VERIFIED, AccessLevel.VERIFIED),
    **dict.fromkeys(SHUT, AccessLevel.SHUT),
}


CARRY_A_SECRET = {
    "municipality_outside:invitation",
    "municipality_outside:calendar",
    "account_reset_password_from_key",
}
"""Addresses that hold a secret and are therefore never carried along to the sign-in page as the
place to return to.
"""


def access_level_of(name: str, *, in_body: bool) -> AccessLevel | None:
    """Access level of an address by its name; None when none is declared."""
    return AccessLevel.VERIFIED if in_body else ACCESS_LEVELS.get(name)
