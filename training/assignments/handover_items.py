"""Assignments that end at a transfer, because the person no longer works here. They follow a person
who moves.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import pgettext_lazy

from municipality.core.registry import HandOver, Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import StaffChange
from training.assignments.models import Assignment
from training.assignments.operations import end_assignment


def assignments_ending(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Open assignments of people without a post; people on leave or seconded keep them."""
    rows = Assignment.objects.of(municipality).open().values_list("pk", "course__title", "member")
    return [
        Passing(number, title, (member,), ends=True)
        for number, title, member in rows
        if change.absent(member)
    ]


def _end(passing: Passing, day: date) -> bool:
    return end_assignment(passing.object_id, day)


HAND_OVERS = (
    HandOver(
        "training.leaving",
        pgettext_lazy("対応の種類", "研修"),
        "training:assignment",
        assignments_ending,
        _end,
    ),
)
