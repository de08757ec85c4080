"""The required courses on the page of a participant: what is completed, and what is to be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pilots.participants.models import Participant
from pilots.participants.rules import needed_on
from training.assignments.models import Assignment
from training.courses.models import Course
from training.gate.requirements import missing_courses


@dataclass(frozen=True)
class CourseLine:
    """Required course that is missing, with the open assignment as far as there is one."""

    course: Course
    assignment: Assignment | None

    @property
    def is_begun_here(self) -> bool:
        """Whether the person can go on to it from this page."""
        return self.assignment is not None and self.course.is_self_paced


def course_context(participant: Participant, today: date) -> dict[str, Any]:
    """Missing courses of the participant, and whether one of them is not assigned yet. Three
    queries.
    """
    number = participant.member_id
    missing = missing_courses([number], needed_on(participant.pilot, today))[number]
    rows = Assignment.objects.open().filter(member=number, course__in=missing)
    assigned = {row.course_id: row for row in rows} if missing else {}
    lines = [CourseLine(course, assigned.get(course.pk)) for course in missing]
    return {"courses": lines, "unassigned": sum(line.assignment is None for line in lines)}
