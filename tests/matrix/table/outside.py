"""Addresses beside the bodies. Source: product.md §2 (sign-in: nothing but the second factor's
pages before it), contract 7.

The columns are how far somebody has come:

    out   signed out, or the account was ended        ha  half signed in            un  no
    authenticator registered yet
    in    whoever has a place in the first body       en  signed in, but without a place in any
    body, or with the door shut
    ab    the office of the other body

Answers: + 200 · > 302 to a place of our own · L to sign-in · 2 to the second factor · n the same
with a new account · u 401 · . 404 · c 409 · r 200 or 503, naming the parts that fail. After the
method stands the state of the session: - plain · fresh a code was shown just now · password the
password was typed just now · carrying an invitation was opened · key a mail's link was opened ·
provider a body has an identity provider.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.world.town import INSIDE, OFFICE_OTHER

COLUMNS = {
    "out": ("signed_out", "deactivated"),
    "ha": ("half",),
    "un": ("not_set_up",),
    "in": INSIDE,
    "en": ("consultant_ended", "cut_off", "locked"),
    "ab": (OFFICE_OTHER,),
}

TABLE = """
                                                                 out ha un in en ab
municipality_outside:home                       GET  -           L   2  2  >  +  >
municipality_outside:account                    GET  -           L   2  2  +  +  +
municipality_outside:account                    POST -           L   2  2  >  >  >
municipality_outside:end_sessions               POST -           L   2  2  >  >  >
municipality_outside:end_one_session            POST -           L   2  2  c  c  c
municipality_outside:alive                      GET  -           L   2  2  +  +  +
municipality_outside:typed                      GET  -           L   2  2  >  >  >
municipality_outside:typed                      POST -           L   2  2  >  >  >
municipality_outside:signed_out                 GET  -           +   2  2  +  +  +
municipality_outside:language                   POST -           >   >  >  >  >  >
municipality_outside:accessibility              GET  -           +   +  +  +  +  +
municipality_outside:healthz                    GET  -           +   +  +  +  +  +
municipality_outside:readyz                     GET  -           r   r  r  r  r  r

# How one receives notices; the calendar is open to whoever holds its secret, and says numbers only.
municipality_outside:receiving                  GET  -           L   2  2  +  +  +
municipality_outside:receiving                  POST -           L   2  2  >  >  >
municipality_outside:calendar_make              POST -           L   2  2  +  +  +
municipality_outside:calendar_end               POST -           L   2  2  >  >  >
municipality_outside:calendar                   GET  -           +   2  2  +  +  +

# The second factor: a code is asked of who has an authenticator, one is registered by who has none;
# to change what is
# registered the code has to be fresh.
municipality_outside:two_factor_verify          GET  -           L   +  2  +  +  +
municipality_outside:two_factor_verify          POST -           L   >  2  >  >  >
municipality_outside:two_factor_setup           GET  -           L   2  +  2  2  2
municipality_outside:two_factor_setup           GET  fresh       L   2  +  +  +  +
municipality_outside:two_factor_setup           POST -           L   2  +  2  2  2
municipality_outside:table_setup                GET  -           L   2  +  2  2  2
municipality_outside:table_setup                GET  fresh       L   2  +  +  +  +
municipality_outside:table_setup                POST -           L   2  >  2  2  2
municipality_outside:lost                       GET  -           L   +  +  +  +  +
municipality_outside:recovery                   GET  -           L   +  +  +  +  +
municipality_outside:recovery_codes             GET  -           L   2  2  2  2  2
municipality_outside:recovery_codes             POST -           L   2  2  2  2  2
municipality_outside:recovery_codes             GET  fresh       L   2  2  +  +  +
municipality_outside:recovery_codes             POST fresh       L   2  2  +  +  +

# An invitation: opened by anybody who holds it, except half signed in; joined by an account that is
# not in the body yet.
municipality_outside:invitation                 GET  -           >   2  2  >  >  >
municipality_outside:invitation_code            GET  -           +   2  2  +  +  +
municipality_outside:invitation_code            POST -           >   2  2  >  >  >
municipality_outside:invitation_form            GET  -           .   2  2  .  .  .
municipality_outside:invitation_form            POST -           .   2  2  .  .  .
municipality_outside:invitation_form            GET  carrying    +   2  2  +  +  +
municipality_outside:invitation_form            POST carrying    n   2  2  c  c  >

# Sign-in, and the password.
account_login                                   GET  -           +   2  2  >  >  >
account_login                                   POST -           >   2  2  >  >  >
account_logout                                  GET  -           L   +  +  +  +  +
account_logout                                  POST -           L   >  >  >  >  >
account_inactive                                GET  -           +   2  2  +  +  +
account_reauthenticate                          GET  -           L   2  2  +  +  +
account_reauthenticate                          POST -           L   2  2  >  >  >
account_change_password                         GET  -           L   2  2  +  +  +
account_change_password                         POST password    L   2  2  >  >  >
account_set_password                            GET  -           L   2  2  >  >  >
account_reset_password                          GET  -           +   2  2  +  +  +
account_reset_password                          POST -           >   2  2  >  >  >
account_reset_password_done                     GET  -           +   2  2  +  +  +
account_reset_password_from_key                 GET  -           >   2  2  >  >  >
account_reset_password_from_key                 GET  key         +   2  2  +  +  +
account_reset_password_from_key_done            GET  -           +   2  2  +  +  +

# A body's own identity provider.
municipality_outside:provider_login             GET  provider    +   2  2  +  +  +
municipality_outside:provider_login             POST provider    +   2  2  +  +  +
municipality_outside:provider_login             GET  -           .   2  2  .  .  .
municipality_outside:provider_callback          GET  provider    u   2  2  u  u  u
socialaccount_login_cancelled                   GET  -           +   2  2  +  +  +
socialaccount_login_error                       GET  -           u   2  2  u  u  u

# What the sign-in library routes and this product does not offer: not there for anybody.
account_signup                                  GET  -           L   2  2  .  .  .
account_signup                                  POST -           L   2  2  .  .  .
account_email                                   GET  -           L   2  2  .  .  .
account_email                                   POST -           L   2  2  .  .  .
account_confirm_email                           GET  -           L   2  2  .  .  .
account_confirm_email                           POST -           L   2  2  .  .  .
account_email_verification_sent                 GET  -           L   2  2  .  .  .
account_confirm_login_code                      GET  -           L   2  2  .  .  .
account_confirm_login_code                      POST -           L   2  2  .  .  .
socialaccount_signup                            GET  -           L   2  2  .  .  .
socialaccount_signup                            POST -           L   2  2  .  .  .
socialaccount_connections                       GET  -           L   2  2  .  .  .
socialaccount_connections                       POST -           L   2  2  .  .  .
usersessions_list                               GET  -           L   2  2  .  .  .
usersessions_list                               POST -           L   2  2  .  .  .
accounts/social/login/cancelled/                GET  -           L   2  2  .  .  .
accounts/social/login/error/                    GET  -           L   2  2  .  .  .
accounts/social/signup/                         GET  -           L   2  2  .  .  .
accounts/social/connections/                    GET  -           L   2  2  .  .  .
"""

WALKED = {
    "municipality_outside:end_one_session": (
        "the number is that of a session; the way through it is in test_sign_in_sessions.py"
    ),
    "socialaccount_login_error": "tells of a failure, with the status of one",
    "municipality_outside:provider_callback": (
        "refuses what no provider sent; the way through it is in "
        "tests/municipality/accounts/test_identities.py"
    ),
}
"""Addresses that nobody reaches by themselves."""

SHADOWED = {
    "openid_connect_login": (
        "the same address is ours, municipality_outside:provider_login, and stands before it"
    ),
    "openid_connect_callback": (
        "the same address is ours, municipality_outside:provider_callback, and stands before it"
    ),
}
"""Names of the library whose address belongs to a page of ours."""


@dataclass(frozen=True)
class Outside:
    """One address with one method in one state of the session."""

    name: str
    method: str
    state: str
    letters: str

    def expected(self, who: str) -> str:
        """The letter of the column that the persona is in."""
        return next(
            letter
            for letter, names in zip(self.letters, COLUMNS.values(), strict=True)
            if who in names
        )


def parse(text: str) -> list[Outside]:
    """The rows; the first line repeats the columns."""
    head, *lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if head.split() != list(COLUMNS):
        raise ValueError(head)
    rows = []
    for line in lines:
        name, method, state, *letters = line.split()
        if len(letters) != len(COLUMNS) or set(letters) - set("+>L2n.cur"):
            raise ValueError(line)
        rows.append(Outside(name, method, state, "".join(letters)))
    return rows


ROWS = parse(TABLE)
