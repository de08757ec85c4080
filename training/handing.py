"""What ends at a transfer in training: what somebody was to learn who works here no more. Whoever moves takes it along."""

from __future__ import annotations

from datetime import date

from django.utils.translation import pgettext_lazy

from municipality.models import Municipality
from municipality.rooms import HandOver, Passing
from municipality.roster import Change

from .models import Assignment
from .operations.leaving import end_assignment


def assignments_ending(municipality: Municipality, change: Change) -> list[Passing]:
    """Open assignments of people who are in no post any more; on leave or seconded they wait for the return."""
    rows = Assignment.objects.of(municipality).open().values_list("pk", "course__title", "member")
    return [Passing(number, title, (member,), ends=True) for number, title, member in rows if change.absent(member)]


def _end(passing: Passing, day: date) -> bool:
    return end_assignment(passing.object_id)


HAND_OVERS = (
    HandOver("training.leaving", pgettext_lazy("対応の種類", "研修"), "training:assignment", assignments_ending, _end),
)
