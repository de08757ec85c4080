"""Open sign-ins: one's own are listed and ended one by one or all at once; the office ends a
person's in its own body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from municipality.accounts.models import User
from municipality.accounts.operations.sign_in import members_of, record_of
from municipality.accounts.rules import may_invite
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.organisation.models import Member


@dataclass(frozen=True)
class OpenSession:
    """One sign-in that is still open. `seen_at` is exact to a minute; nothing else of the device is
    kept than its own words.
    """

    number: int
    agent: str
    address: str
    began_at: datetime
    seen_at: datetime | None
    is_this: bool


def sessions_of(user: User, *, this: str | None, now: datetime) -> list[OpenSession]:
    """The user's open sign-ins, the newest first. Two queries."""
    listed = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    alive = Session.objects.filter(
        expire_date__gt=now, session_key__in=listed.values("session_key")
    )
    facts = {session.session_key: session.get_decoded() for session in alive}
    return [
        OpenSession(
            row.pk,
            row.user_agent,
            row.ip,
            row.created_at,
            _seen(facts[row.session_key]),
            row.session_key == this,
        )
        for row in listed
        if row.session_key in facts
    ]


def _seen(facts: dict) -> datetime | None:
    seen = facts.get("seen_at")
    return datetime.fromtimestamp(seen, UTC) if seen is not None else None


@operation
def end_session(user: User, number: int) -> None:
    """End one of one's own sign-ins: its next request leads to sign-in. Raises Conflict when it is
    no longer open.
    """
    found = UserSession.objects.filter(user=user, pk=number)
    if not _cut(found):
        raise Conflict(_("そのログインは、すでに終わっています。"))
    record_of(user, "sessions.ended", count=1)


@operation
def end_other_sessions(user: User, *, this: str | None) -> int:
    """End all of one's own sign-ins but this one; how many there were."""
    count = _cut(UserSession.objects.filter(user=user).exclude(session_key=this))
    record_of(user, "sessions.ended", count=count)
    return count


@operation
def end_sessions_of(member: Member, *, by: Member, now: datetime) -> None:
    """The office ends a person's sign-ins for its body, from their next request on: somebody left a
    terminal open, or is gone.

    Who works in this body alone is signed out altogether; in other bodies the sign-in goes on.
    Raises Conflict for somebody without an account.
    """
    require(may_invite(by, member))
    if member.user is None:
        raise Conflict(
            _("%(name)sさんは、まだ登録していません。招待してください。") % {"name": member.name}
        )
    Member.objects.filter(pk=member.pk).update(sessions_ended_at=now)
    if all(other.pk == member.pk for other in members_of(member.user)):
        _cut(UserSession.objects.filter(user=member.user))
    record(by, "sessions.cut", member)


def _cut(found) -> int:
    """Take the sessions out of the database: what the browser still holds opens nothing. How many
    there were.
    """
    keys = list(found.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    found.delete()
    return len(keys)
