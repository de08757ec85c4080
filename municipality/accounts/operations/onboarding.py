"""Registration state of everybody, and invitations for many people at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from municipality.accounts.models import Authenticator, CodeTable, Invitation
from municipality.accounts.operations.invitations import (
    digest_of,
    digest_of_code,
    fresh_token,
    short_code,
)
from municipality.accounts.secret_links import token_of
from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import each_guarded
from municipality.core.encryption import seal_secret
from municipality.core.refusals import require
from municipality.notifications.operations.notify import notify, notify_many
from municipality.organisation.models import Grant, Member, Municipality, Posting, after
from municipality.organisation.rules import is_office

MOST_AT_ONCE = 200
"""So many invitations go out at one press: a wrong press is told to no more people than that."""

ENDS_SOON = timedelta(days=60)

TOLD_BEFORE = timedelta(days=14)


NONE, INVITED, EXPIRED, HALF, READY = "none", "invited", "expired", "half", "ready"

TO_INVITE = (NONE, EXPIRED)


def onboarding_of(body: Municipality, day: date, *, now: datetime) -> QuerySet[Any]:
    """Everybody with a posting today or later, each with `stage` (none, invited, expired, half,
    ready), `until` and `by_table`.

    One query, however many people there are.
    """
    sent = Invitation.objects.filter(member=OuterRef("pk"), renews=False)
    posted = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), member=OuterRef("pk"))
    table = Exists(CodeTable.objects.filter(user=OuterRef("user")))
    app = Exists(Authenticator.objects.filter(user=OuterRef("user"), confirmed=True))
    rows = Member.objects.of(body).filter(Exists(posted), is_active=True)
    stage = Case(
        When(Q(user=None) & Exists(sent.pending(now)), then=Value(INVITED)),
        When(Q(user=None) & Exists(sent), then=Value(EXPIRED)),
        When(user=None, then=Value(NONE)),
        When(Q(table) | Q(app), then=Value(READY)),
        default=Value(HALF),
        output_field=CharField(),
    )
    until = Subquery(sent.order_by("-invited_at").values("expires_at")[:1])
    return rows.annotate(stage=stage, until=until, by_table=table)


def below(rows: QuerySet[Any], path: str, day: date) -> QuerySet[Any]:
    """Rows of people posted in the department with this path or below it."""
    posted = Posting.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    there = posted.filter(department__path__gte=path, department__path__lt=after(path))
    return rows.filter(pk__in=there.values("member"))


def counts_of(rows: QuerySet[Any]) -> dict[str, int]:
    """Number of people at each stage. One query."""
    counts = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    return {stage: counts.get(stage, 0) for stage in (NONE, EXPIRED, INVITED, HALF, READY)}


@operation
def invite_many(members: Sequence[Member], *, by: Member, now: datetime) -> int:
    """Invite all these people; earlier open invitations are revoked. How many there were.

    A fixed number of queries, and one entry in the history with a digest of who they are. Whoever
    has an account or is not of the body is passed over.
    """
    require(is_office(by))
    wanted = [
        one
        for one in members
        if one.municipality_id == by.municipality_id and one.user_id is None and one.is_active
    ]
    if not wanted:
        return 0
    for one in wanted:
        one.municipality = by.municipality
    still_open = Invitation.objects.filter(member__in=wanted, accepted_at=None, revoked_at=None)
    still_open.update(revoked_at=now, sealed_token=None)
    invitations = Invitation.objects.bulk_create(_invitation(one, by, now) for one in wanted)
    until = timezone.localdate(invitations[0].expires_at).isoformat()
    notify_many([(row.member, row) for row in invitations], "invitation.sent", now=now, until=until)
    record(
        by,
        "invitation.many",
        municipality=by.municipality_id,
        count=len(wanted),
        people=digest_of_people(wanted),
    )
    return len(wanted)


def _invitation(member: Member, by: Member, now: datetime) -> Invitation:
    token = fresh_token()
    return Invitation(
        municipality_id=member.municipality_id,
        member=member,
        digest=digest_of(token),
        code_digest=digest_of_code(short_code(token)),
        sealed_token=seal_secret(token.encode()),
        invited_by=by,
        invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )


def digest_of_people(members: Sequence[Member]) -> str:
    """Digest of the members' numbers in order: a log line can refer to them without names."""
    return hashlib.sha256(
        ",".join(str(number) for number in sorted(one.pk for one in members)).encode()
    ).hexdigest()


@operation
def note_slips(members: Sequence[Member], *, by: Member) -> None:
    """Log that the office opened the printable slips of these people. One entry for all."""
    require(is_office(by))
    record(
        by,
        "invitation.slips",
        municipality=by.municipality_id,
        count=len(members),
        people=digest_of_people(members),
    )


def slips_of(members: Sequence[Member], *, now: datetime) -> list[tuple[Invitation, str]]:
    """Open invitations of these people in their order, each with its secret. One query."""
    pending = (
        Invitation.objects.pending(now)
        .filter(member__in=members, renews=False)
        .select_related("member")
    )
    tokens = {
        row.member_id: (row, token) for row in pending if (token := token_of(row)) is not None
    }
    return [tokens[one.pk] for one in members if one.pk in tokens]


def endings_of(body: Municipality, day: date, *, within: timedelta = ENDS_SOON) -> QuerySet[Grant]:
    """External experts whose account ends soon with their posting, the nearest first."""
    rows = Grant.objects.on(day).filter(
        municipality=body, role="consultant", posting__ends_on__lte=day + within
    )
    return rows.select_related("posting__member", "posting__department").order_by(
        "posting__ends_on", "pk"
    )


def tell_of_endings(body: Municipality, now: datetime) -> int:
    """Notify the office once, two weeks before an external expert's account ends; number of
    notices. Safe to repeat.
    """
    today = timezone.localdate(now)
    soon = {ending.pk: ending for ending in endings_of(body, today, within=TOLD_BEFORE)}
    office = (
        Grant.objects.on(today)
        .filter(municipality=body, role="office")
        .select_related("posting__member__municipality")
    )
    people = {grant.posting.member for grant in office} if soon else set()
    return each_guarded(
        body,
        "municipality.tell_of_endings ",
        soon,
        lambda ending: _tell_of_ending(ending, people, now=now),
        now=now,
    ).done


@operation
def _tell_of_ending(ending: Grant, people: set[Member], *, now: datetime) -> int:
    person, last = ending.posting.member, ending.posting.ends_on
    stage, name, day = f"{last:%y%m%d}" if last else "", person.name, str(last)
    notices = [
        notify(member, "account.ending", person, stage=stage, now=now, name=name, day=day)
        for member in people
    ]
    return sum(notice is not None for notice in notices)
