"""Courses that a person still has to complete before a pilot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from municipality.organisation.models import Member
from training.completions.models import Completion
from training.courses.models import Course, CourseRequirement


@dataclass(frozen=True)
class TrainingRecords:
    """Required courses of a body and the completions of some people, read once for any day."""

    members: list[int]
    periods: list[CourseRequirement]
    completions: dict[int, list[Completion]]

    def missing(self, on: date, required_on: date | None = None) -> dict[int, list[Course]]:
        """By member number, the courses not validly completed on that day, of those required on
        `required_on`, by default the same day.
        """
        day = required_on or on
        required = {row.course_id: row.course for row in self.periods if row.holds_on(day)}
        return {
            number: [course for course in required.values() if not self._done(number, course, on)]
            for number in self.members
        }

    def _done(self, member: int, course: Course, on: date) -> bool:
        return any(
            row.course_id == course.pk and row.is_valid_on(on)
            for row in self.completions.get(member, ())
        )


def training_records(member_ids: Iterable[int]) -> TrainingRecords:
    """Periods of the required courses of the members' body, and the members' completions of these
    that were not voided. Two queries.
    """
    numbers = list(dict.fromkeys(member_ids))
    bodies = Member.objects.filter(pk__in=numbers).values("municipality")
    rows = CourseRequirement.objects.filter(municipality__in=bodies).select_related("course")
    periods = list(rows.order_by("course", "pk"))
    completions: dict[int, list[Completion]] = defaultdict(list)
    courses = {row.course_id for row in periods}
    for row in Completion.objects.standing().filter(member__in=numbers, course__in=courses):
        completions[row.member_id].append(row)
    return TrainingRecords(numbers, periods, completions)


def missing_courses(member_ids: Iterable[int], on: date) -> dict[int, list[Course]]:
    """By member number, the courses required on that day that they have not validly completed on
    it.

    Every number that was asked for is in the answer; an empty list means that nothing is missing.
    Two queries.
    """
    return training_records(member_ids).missing(on)
