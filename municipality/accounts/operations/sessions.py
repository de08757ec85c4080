"""Open sessions: the user lists and ends their own; the office ends a person's sessions in its own
body.
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
    """An open session. `seen_at` is exact to a minute; of the device only its own description is
    stored.
    """

    number: int
    agent: str
    address: str
    began_at: datetime
    seen_at: datetime | None
    is_this: bool


def sessions_of(user: User, *, this: str | None, now: datetime) -> list[OpenSession]:
    """Open sessions of the user, the newest first. Two queries."""
    listed = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    alive = Session.objects.filter(
        expire_date__gt=now, session_key__in=listed.values("session_key")
    )
    contents = {session.session_key: session.get_decoded() for session in alive}
    return [
        OpenSession(
            row.pk,
            row.user_agent,
            row.ip,
            row.created_at,
            _seen(contents[row.session_key]),
            row.session_key == this,
        )
        for row in listed
        if row.session_key in contents
    ]


def _seen(content: dict) -> datetime | None:
    seen = content.get("seen_at")
    return datetime.fromtimestamp(seen, UTC) if seen is not None else None


@operation
def end_session(user: User, number: int) -> None:
    """End one session of the user; its next request leads to sign-in. Raises Conflict when it is
    not open.
    """
    rows = UserSession.objects.filter(user=user, pk=number)
    if not _cut(rows):
        raise Conflict(_("そのログインは、すでに終わっています。"))
    record_of(user, "sessions.ended", count=1)


@operation
def end_other_sessions(user: User, *, this: str | None) -> int:
    """End all sessions of the user but this one; the number ended."""
    count = _cut(UserSession.objects.filter(user=user).exclude(session_key=this))
    record_of(user, "sessions.ended", count=count)
    return count


@operation
def end_sessions_of(member: Member, *, by: Member, now: datetime) -> None:
    """End a person's sessions for the office's body, from their next request on: because a terminal
    was left open, or the person has left.

    A person of this body alone is signed out; in other bodies the session continues. Raises
    Conflict for a person without an account.
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


def _cut(rows) -> int:
    """Delete the sessions from the database, so that the cookies of the browsers are void; the
    number deleted.
    """
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)
