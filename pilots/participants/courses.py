"""Required courses of a pilot's people: assigned with the consent, taken back with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays, open_days
from pilots.participants.models import Participant, ParticipantCourse
from pilots.planning.checks import TAKEN
from pilots.planning.models import Pilot
from pilots.planning.wording import joined
from training.assignments.models import Assignment
from training.gate.operations import assign_required, cancel_required
from training.gate.requirements import missing_courses

_LEADS = Exists(Pilot.objects.filter(lead=OuterRef("member"), state__in=TAKEN))
"""Of an assignment: does its person lead a pilot that is approved and not over?"""

SHORT_OPEN_DAYS = 5
"""Open days for the courses when the pilot begins before that, or runs already."""


def needed_on(pilot: Pilot, today: date) -> date:
    """Day on which the courses have to be valid: the first day of the pilot, later the day
    itself.
    """
    return max(today, pilot.starts_on)


def courses_due(pilot: Pilot, calendar: OpenDays, today: date) -> date:
    """Last open day before the pilot; with fewer than two open days left, five open days from
    today.
    """
    due = calendar.add(pilot.starts_on, -1)
    return due if due > calendar.add(today, 1) else calendar.add(today, SHORT_OPEN_DAYS)


def assign_to_participant(
    participant: Participant, *, by: Member, now: datetime
) -> list[Assignment]:
    """Assign the required courses that the participant lacks, and note which assignments came of
    this consent. One notice for all. The new assignments.
    """
    with override("ja"):
        reason = _("試行「%(name)s」への参加") % {"name": participant.pilot.name}
    fresh = _assign(participant.pilot, participant.member, reason, by=by, now=now)
    ParticipantCourse.objects.bulk_create(
        ParticipantCourse(
            municipality_id=participant.municipality_id, participant=participant, assignment=row
        )
        for row in [*fresh, *_of_other_consents(participant, now)]
    )
    if fresh:
        params = _notice_params(participant.pilot, fresh, now)
        notify(participant.member, "pilots.courses", participant, now=now, **params)
    return fresh


def assign_to_lead(pilot: Pilot, *, by: Member | None, now: datetime) -> list[Assignment]:
    """Assign the required courses that the lead lacks. One notice for all."""
    fresh = _assign(pilot, pilot.lead, _reason_of_lead(pilot), by=by, now=now)
    if fresh:
        params = _notice_params(pilot, fresh, now)
        notify(pilot.lead, "pilots.lead_courses", pilot, now=now, **params)
    return fresh


def _reason_of_lead(pilot: Pilot) -> str:
    """Reason of the assignments of its lead, by which they are found again: from the approval on
    the name of a pilot stays.
    """
    with override("ja"):
        return _("試行「%(name)s」の責任者") % {"name": pilot.name}


def _assign(
    pilot: Pilot, member: Member, reason: str, *, by: Member | None, now: datetime
) -> list[Assignment]:
    today = timezone.localdate(now)
    return assign_required(
        member,
        on=needed_on(pilot, today),
        due_on=courses_due(pilot, open_days(pilot.municipality_id), today),
        reason=reason,
        by=by,
        now=now,
    )


def _of_other_consents(participant: Participant, now: datetime) -> QuerySet[Assignment]:
    """Open assignments of missing courses that came of the person's other consents: this one needs
    them as well.
    """
    on = needed_on(participant.pilot, timezone.localdate(now))
    courses = missing_courses([participant.member_id], on)[participant.member_id]
    others = ParticipantCourse.objects.filter(assignment=OuterRef("pk"))
    rows = Assignment.objects.open().filter(member=participant.member_id, course__in=courses)
    return rows.filter(Exists(others)).exclude(Exists(others.filter(participant=participant)))


def _notice_params(pilot: Pilot, fresh: list[Assignment], now: datetime) -> dict[str, Any]:
    return {
        "stage": timezone.localdate(now).isoformat(),
        "due_on": fresh[0].due_on,
        "title": pilot.name,
        "count": len(fresh),
        "courses": joined(row.course.title for row in fresh),
    }


def release_courses(participants: QuerySet[Participant], *, by: Member | None) -> int:
    """Cancel the open assignments that came of these consents, unless another consent of the person
    needs them as well; how many were cancelled.
    """
    links = ParticipantCourse.objects.filter(participant__in=participants)
    needed = ParticipantCourse.objects.filter(
        assignment=OuterRef("pk"),
        participant__state__in=[Participant.State.ASKED, Participant.State.AGREED],
    ).exclude(participant__in=participants)
    needed = needed.exclude(participant__pilot__state=Pilot.State.FINISHED)
    rows = Assignment.objects.filter(pk__in=links.values("assignment"))
    return cancel_required(rows.exclude(Exists(needed)).exclude(_LEADS), by=by)


def release_lead_courses(pilot: Pilot, *, by: Member | None) -> int:
    """Cancel the open assignments that came of leading this pilot, of whoever leads none any more
    and takes part in none; how many were cancelled.
    """
    rows = Assignment.objects.of(pilot.municipality_id).filter(reason=_reason_of_lead(pilot))
    parts = Participant.objects.filter(member=OuterRef("member")).exclude(
        Q(state=Participant.State.LEFT) | Q(pilot__state=Pilot.State.FINISHED)
    )
    return cancel_required(rows.exclude(_LEADS).exclude(Exists(parts)), by=by)
