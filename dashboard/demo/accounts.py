"""The demonstration accounts: one per role, with a fixed password and a second factor that follows
from the seed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db.models import F

from municipality.accounts.models import Authenticator, User
from municipality.organisation.models import Member, Municipality

ROLES = ("office", "manager", "executive", "hr", "staff", "consultant", "auditor")
KEY_BYTES = 20


@dataclass(frozen=True)
class Account:
    """What one needs to sign in as a role of a demonstration body; `secret` is the TOTP key in
    base32.
    """

    role: str
    name: str
    mail: str
    password: str
    secret: str
    municipality: str

    as_dict = asdict


def password_of(role: str) -> str:
    """The password of a role, the same in every demonstration."""
    return f"demo-{role}-aoba-2026"


def key_of(seed: int, mail: str) -> bytes:
    """The second factor's key of a sign-in name: the same for the same seed."""
    return hashlib.sha256(f"second factor {seed} {mail}".encode()).digest()[:KEY_BYTES]


def open_account(member: Member, role: str, *, domain: str, seed: int) -> User:
    """An account of the role for the member, with its second factor confirmed. One account may
    serve several bodies.
    """
    mail = f"{role}@{domain}"
    user = User.objects.filter(username=mail).first()
    if user is None:
        user = User.objects.create_user(mail, password_of(role), email=mail)
        device = Authenticator(user=user, name="app", confirmed=True)
        device.key = key_of(seed, mail)
        device.save()
    member.user, member.mail = user, mail
    member.save(update_fields=["user", "mail"])
    return user


def accounts() -> Iterator[Account]:
    """Every demonstration account, body by body in the order of the roles."""
    demo = Municipality.objects.filter(is_demo=True)
    rows = Member.objects.filter(municipality__in=demo, user__username=F("mail")).order_by(
        "municipality", "pk"
    )
    listed = [
        (mail.partition("@")[0], name, mail, user, code)
        for name, mail, user, code in rows.values_list(*COLUMNS)
    ]
    keys = {
        row.user_id: row.key
        for row in Authenticator.objects.filter(user__in=[user for *_rest, user, _code in listed])
    }
    for role, name, mail, user, code in sorted(listed, key=lambda row: (row[-1], _place(row[0]))):
        if role in ROLES and user in keys:
            yield Account(
                role, name, mail, password_of(role), base64.b32encode(keys[user]).decode(), code
            )


COLUMNS = ("name", "mail", "user", "municipality")


def _place(role: str) -> int:
    return ROLES.index(role) if role in ROLES else len(ROLES)
