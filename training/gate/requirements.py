"""Courses that a person still has to complete before a pilot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from municipality.organisation.models import Member
from training.completions.models import Completion
from training.courses.models import Course


def missing_courses(member_ids: Iterable[int], on: date) -> dict[int, list[Course]]:
    """By member number, the active `required_for_pilots` courses of their body that they have not
    validly completed on that day.

    Every number that was asked for is in the answer; an empty list means that nothing is missing.
    Two queries.
    """
    numbers = list(dict.fromkeys(member_ids))
    bodies = Member.objects.filter(pk__in=numbers).values("municipality")
    required = list(
        Course.objects.filter(municipality__in=bodies, required_for_pilots=True, is_active=True)
    )
    done: dict[int, set[int]] = defaultdict(set)
    valid = Completion.objects.valid_on(on).filter(member__in=numbers, course__in=required)
    for number, course in valid.values_list("member", "course"):
        done[number].add(course)
    return {
        number: [course for course in required if course.pk not in done[number]]
        for number in numbers
    }
