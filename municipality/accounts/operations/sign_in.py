"""Signing in and out, and the password: each is an entry in the history of every body the person
works in.

An operation sees no request: `address` is the network address the try came from. What was typed
never goes into a line: of a name that no account has, a keyed digest lies in the erasable part, so
that a series of tries can be recognised.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from municipality.accounts.models import User
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict
from municipality.notifications.operations.notify import mail_at_once, notify
from municipality.organisation.models import Member


def plain_name(typed: str) -> str:
    """Name of sign-in as stored: NFKC, small letters, no surrounding spaces."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def members_of(user: User) -> list[Member]:
    """The user's active members, one in each body."""
    return list(
        Member.objects.filter(user=user, is_active=True)
        .select_related("municipality", "user")
        .order_by("municipality")
    )


def record_of(user: User, verb: str, *, acts: bool = True, **details: Any) -> None:
    """Log something about an account in each body it belongs to, or in the instance's own chain
    when there is none.

    With `acts` False the user is not recorded as the actor, because it is not proven.
    """
    members = members_of(user)
    for member in members:
        record(
            member if acts else None, verb, member, municipality=member.municipality_id, **details
        )
    if not members:
        record(None, verb, user, **details)


def tell(user: User, rule: str, *, now: datetime, **params: Any) -> None:
    """Notify the person about their own account, in the first body in which a mail can reach
    them.
    """
    members = members_of(user)
    reached = next((member for member in members if member.mail), members[0] if members else None)
    if reached is not None:
        notify(reached, rule, reached, stage=f"{now:%y%m%d%H%M%S}", now=now, **params)


def digest_of_name(name: str) -> str:
    """Keyed digest of a typed name, for the log; it reveals nothing without HISTORY_KEY."""
    return hmac.new(settings.HISTORY_KEY.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]


@operation
def note_sign_in(user: User, *, way: str, address: str) -> None:
    """Log that the first factor was right; `way` is password, invitation or the name of the
    identity provider.
    """
    record_of(user, "sign_in.succeeded", way=way, address=address)


@operation
def note_failed_sign_in(name: str, *, address: str, verb: str = "sign_in.failed") -> None:
    """Log a wrong password or an unknown name: in the bodies of a known account, else in the
    instance's own chain.
    """
    user = User.objects.filter(username=name).first()
    if user is not None:
        record_of(user, verb, acts=False, address=address)
    else:
        record(None, verb, name=digest_of_name(name), address=address)


@operation
def note_refused_provider(provider: str, *, address: str) -> None:
    """Log a sign-in through an identity provider that is bound to no account here."""
    record(None, "sign_in.refused", provider=provider, address=address)


@operation
def note_sign_out(user: User) -> None:
    """Log a sign-out."""
    record_of(user, "sign_in.ended")


@operation
def change_password(user: User, password: str, *, now: datetime) -> None:
    """Set a new password. It ends all sessions of the old one; the person is notified."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_of(user, "password.changed")
    tell(user, "account.password", now=now)


@operation
def ask_password_reset(user: User, *, now: datetime) -> None:
    """Queue the mail with the link for a new password: to the account's own address, also while a
    body sends nothing else.
    """
    members = members_of(user)
    if not members:
        return
    record(None, "password.asked", members[0], municipality=members[0].municipality_id)
    notice = notify(members[0], "account.reset", members[0], stage=f"{now:%y%m%d%H%M%S}", now=now)
    if notice is not None:
        mail_at_once(notice, now=now)


@operation
def change_account(user: User, *, email: str, language: str) -> None:
    """Set the account's own language, and the address to which a password reset is mailed."""
    changed = [
        name
        for name, value in (("email", email), ("language", language))
        if getattr(user, name) != value
    ]
    User.objects.filter(pk=user.pk).update(email=email, language=language)
    if changed:
        record_of(user, "account.changed", fields=changed)


@operation
def change_language(user: User, language: str) -> None:
    """Set the account's own language. It is not logged, because nobody needs to look it up."""
    User.objects.filter(pk=user.pk).update(language=language)


def new_user(username: str, password: str | None, **fields: Any) -> User:
    """Create an account with this name. Raises Conflict when the name is taken. Only invitations
    call it.
    """
    try:
        with transaction.atomic():
            return User.objects.create_user(plain_name(username), password, **fields)
    except IntegrityError:
        raise Conflict(
            _("このログイン名は、すでに使われています。別の名前にしてください。")
        ) from None
