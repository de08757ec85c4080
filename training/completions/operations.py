"""Recording completions: by the person, by the office, or from a file."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.organisation.models import Member
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.completions.rules import may_complete
from training.courses.models import Course


@operation
def complete_course(
    assignment: Assignment,
    *,
    completed_on: date,
    by: Member,
    now: datetime,
    score: int | None = None,
) -> Assignment:
    """Record the completion and close the assignment. The person can complete it as of today only,
    the office as of a day up to today.
    """
    require(may_complete(by, assignment))
    today = timezone.localdate(now)
    if completed_on > today or (
        by.pk == assignment.member_id and not by.authority.is_office and completed_on != today
    ):
        raise Conflict(
            _("修了日は、今日以前の日にしてください。本人が記録するときは今日になります。")
        )
    source = Completion.Source.OFFICE if by.authority.is_office else Completion.Source.SELF
    completion = record_completion(
        assignment.course, assignment.member, completed_on=completed_on, score=score, source=source
    )
    move(assignment, Assignment.State.COMPLETED, completion=completion)
    record(by, "training.completed", assignment, completed_on=completed_on)
    return assignment


def record_completion(
    course: Course, member: Member, *, completed_on: date, score: int | None, source: str
) -> Completion:
    """Completion of that day, created when there is none yet. It runs inside an operation and
    writes no log entry of its own.
    """
    completion, _created = Completion.objects.get_or_create(
        course=course,
        member=member,
        completed_on=completed_on,
        defaults={
            "municipality_id": course.municipality_id,
            "score": score,
            "source": source,
            "expires_on": expiry_of(course, completed_on),
        },
    )
    return completion


def expiry_of(course: Course, completed_on: date) -> date | None:
    """Last day on which a completion is valid: the same day after the course's months, or the last
    day of that month.
    """
    if course.validity_months is None:
        return None
    years, month = divmod(completed_on.month - 1 + course.validity_months, 12)
    year, month = completed_on.year + years, month + 1
    return date(year, month, min(completed_on.day, calendar.monthrange(year, month)[1]))
