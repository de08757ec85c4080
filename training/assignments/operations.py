"""Assigning courses to people, and cancelling assignments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from training.assignments.models import Assignment
from training.assignments.rules import may_cancel
from training.courses.models import Course
from training.courses.rules import may_manage_courses


@operation
def assign_course(
    course: Course,
    *,
    members: Iterable[Member],
    due_on: date,
    reason: str = "",
    by: Member,
    now: datetime,
) -> list[Assignment]:
    """Assign the course to these people; those for whom it is open already are left as they are.
    The new assignments.

    Raises Conflict when the course is out of use or the due date has passed. One entry in the
    history for all.
    """
    require(may_manage_courses(by, course))
    _refuse_if_impossible(course, due_on, now)
    wanted = {
        member.pk: member for member in members if member.municipality_id == course.municipality_id
    }
    assigned = create_assignments(course, wanted, due_on=due_on, reason=reason, by=by, now=now)
    if assigned:
        members_assigned = [row.member_id for row in assigned]
        record(
            by, "training.assigned", course, members=members_assigned, due_on=due_on, reason=reason
        )
    return assigned


def create_assignments(
    course: Course,
    wanted: Iterable[int],
    *,
    due_on: date,
    reason: str,
    by: Member | None,
    now: datetime,
) -> list[Assignment]:
    """Create assignments for the members of these numbers who have none open. It runs inside an
    operation and writes no log entry of its own.
    """
    held = set(course.assignments.open().filter(member__in=wanted).values_list("member", flat=True))
    rows = [
        Assignment(
            municipality_id=course.municipality_id,
            course=course,
            member_id=number,
            due_on=due_on,
            reason=reason,
            assigned_by=by,
            assigned_at=now,
        )
        for number in wanted
        if number not in held
    ]
    Assignment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    # Whom somebody else assigned at the same moment was left out by the database.
    made = course.assignments.open().filter(
        member__in=[row.member_id for row in rows], assigned_by=by, assigned_at=now
    )
    return list(made.select_related("member"))


@operation
def cancel_assignment(assignment: Assignment, *, by: Member, now: datetime) -> Assignment:
    """Cancel an assignment that is not completed."""
    require(may_cancel(by, assignment))
    move(assignment, Assignment.State.CANCELLED, cancelled_on=timezone.localdate(now))
    record(by, "training.assignment_cancelled", assignment)
    return assignment


def _refuse_if_impossible(course: Course, due_on: date, now: datetime) -> None:
    if not course.is_active:
        raise Conflict(
            _("「%(course)s」は使っていない研修のため、割り当てられません。") % {"course": course},
            course.get_absolute_url(),
        )
    if due_on < timezone.localdate(now):
        raise Conflict(_("受講の期限が過ぎています。今日以降の日にしてください。"))
    if not open_days(course.municipality_id).is_open(due_on):
        raise Conflict(_("受講の期限が閉庁日です。開庁日にしてください。"))


def end_assignment(number: int, on: date) -> bool:
    """End the open assignment of a person who left, on that day; False when it was completed or
    cancelled meanwhile.
    """
    rows = Assignment.objects.filter(pk=number, state=Assignment.State.ASSIGNED)
    values = {"state": Assignment.State.CANCELLED, "cancelled_on": on}
    return bool(rows.update(**values, edition=F("edition") + 1))
