"""Assigning the required courses to whoever is to take part in a pilot or to lead it."""

from __future__ import annotations

from datetime import date, datetime

from municipality.audit.log import operation, record
from municipality.core.transitions import move
from municipality.organisation.models import Member
from training.assignments.models import Assignment, AssignmentQuerySet
from training.assignments.operations import create_assignments
from training.gate.requirements import missing_courses


@operation
def assign_required(
    member: Member, *, on: date, due_on: date, reason: str, by: Member | None, now: datetime
) -> list[Assignment]:
    """Assign the required courses that the person has not validly completed on that day and does
    not have open, none out of use; the new assignments. It follows from what was agreed or
    approved, so that nobody is asked for a right of their own.
    """
    fresh: list[Assignment] = []
    missing = missing_courses([member.pk], on)[member.pk]
    for course in (course for course in missing if course.is_active):
        made = create_assignments(
            course, [member.pk], due_on=due_on, reason=reason, by=None, now=now
        )
        if made:
            params = {"members": [member.pk], "due_on": due_on, "reason": reason}
            record(by, "training.assigned", course, municipality=member.municipality_id, **params)
        fresh += made
    return fresh


@operation
def cancel_required(assignments: AssignmentQuerySet, *, on: date, by: Member | None) -> int:
    """Cancel those of these assignments that are still open, because the reason for them is gone
    from that day on; how many.
    """
    rows = list(assignments.open().select_related("course"))
    for row in rows:
        move(row, Assignment.State.CANCELLED, cancelled_on=on)
        record(by, "training.assignment_cancelled", row, municipality=row.municipality_id)
    return len(rows)
