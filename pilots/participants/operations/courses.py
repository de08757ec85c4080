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
from pilots.participants.models import LeadCourse, Participant, ParticipantCourse
from pilots.participants.rules import needed_on
from pilots.planning.checks import TAKEN
from pilots.planning.models import Pilot
from pilots.planning.wording import joined
from training.assignments.models import Assignment, AssignmentQuerySet
from training.gate.operations import assign_required, cancel_required
from training.gate.requirements import missing_courses

_LEADS = Exists(Pilot.objects.filter(lead=OuterRef("member"), state__in=TAKEN))
"""Of an assignment: does its person lead a pilot that is approved and not over?"""

SHORT_OPEN_DAYS = 5
"""Open days for the courses when the pilot begins before that, or runs already."""


def courses_due(pilot: Pilot, calendar: OpenDays, today: date) -> date:
    """Last open day before the pilot; with fewer than two open days left, five open days from
    today.
    """
    due = calendar.add(pilot.starts_on, -1)
    return due if due > calendar.add(today, 1) else calendar.add(today, SHORT_OPEN_DAYS)


def assign_to_participant(
    participant: Participant, *, by: Member, now: datetime
) -> list[Assignment]:
    """Assign the required courses that the participant lacks, and keep which assignments this
    consent needs. One notice for all. Returns the new assignments.
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
    """Assign the required courses that the lead lacks. One notice for all. Returns the new
    assignments.
    """
    with override("ja"):
        reason = _("試行「%(name)s」の責任者") % {"name": pilot.name}
    fresh = _assign(pilot, pilot.lead, reason, by=by, now=now)
    LeadCourse.objects.bulk_create(
        LeadCourse(municipality_id=pilot.municipality_id, pilot=pilot, assignment=row)
        for row in fresh
    )
    if fresh:
        params = _notice_params(pilot, fresh, now)
        notify(pilot.lead, "pilots.lead_courses", pilot, now=now, **params)
    return fresh


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
        "courses": joined(row.course.name for row in fresh),
    }


def release_courses(participants: QuerySet[Participant], *, on: date, by: Member | None) -> int:
    """Cancel, as of that day, the open assignments of these participants for which no reason is
    left: another consent of the person or a pilot that the person leads keeps them. Returns how
    many were cancelled.
    """
    left = list(participants.order_by().values_list("pk", flat=True))
    people = participants.order_by().values("member")
    body = Pilot.objects.filter(participants__in=left).values("municipality")
    return _release(
        Assignment.objects.filter(municipality__in=body, member__in=people), left, on, by
    )


def release_lead_courses(
    pilot: Pilot, *, on: date, by: Member | None, lead: int | None = None
) -> int:
    """Cancel, as of that day, the open assignments of those who led this pilot, and of `lead`
    (without it the present one), for which no reason is left: a consent or another pilot that the
    person leads keeps them. Returns how many were cancelled.
    """
    rows = Assignment.objects.of(pilot.municipality_id)
    people = rows.filter(pk__in=pilot.lead_course_rows.values("assignment")).values("member")
    led = Q(member__in=people) | Q(member=lead or pilot.lead_id)
    return _release(rows.filter(led), [], on, by)


def _release(rows: AssignmentQuerySet, left: list[int], on: date, by: Member | None) -> int:
    """Cancel the open ones of these assignments that are kept neither by a pilot that the person
    leads nor by a consent. The participants `left` do not count as consents any more. Returns how
    many.
    """
    consents = Participant.objects.exclude(
        Q(state=Participant.State.LEFT) | Q(pilot__state=Pilot.State.FINISHED) | Q(pk__in=left)
    )
    links = ParticipantCourse.objects.filter(assignment=OuterRef("pk"))
    needed = links.filter(participant__in=consents)
    of_consent = Exists(links) & ~Exists(needed)
    led = LeadCourse.objects.filter(assignment=OuterRef("pk"))
    of_lead = Exists(led) & ~Exists(consents.filter(member=OuterRef("member")))
    return cancel_required(rows.filter(of_consent | of_lead).exclude(_LEADS), on=on, by=by)
