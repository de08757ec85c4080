"""The ladder of reminders: which stage a due date has reached, counted in open days (開庁日). Pure;
each body sets its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from municipality.organisation.open_days import OpenDays

STAGES = (-5, -1, 0, 1, 3, 5)

EARLIEST, LATEST, MOST_STAGES = -20, 60, 12

LEAST_CAP = 100


@dataclass(frozen=True)
class Ladder:
    """The stages, from which of them the manager and the office are told besides (None: never), and
    the usual number.

    `version` 0 is the ladder that nobody set. `cap` None: as many new notices as there are people,
    at least LEAST_CAP.
    """

    stages: tuple[int, ...] = STAGES
    manager_from: int | None = 3
    office_from: int | None = 5
    cap: int | None = None
    version: int = 0

    def most(self, people: int) -> int:
        """How many new notices one planning may tell without the office looking at them first."""
        return self.cap if self.cap is not None else max(LEAST_CAP, people)

    def days(self, due_on: date, open_days: OpenDays) -> Iterator[tuple[int, date]]:
        """Each stage with the open day on which it is reached."""
        for stage in self.stages:
            yield stage, open_days.add(due_on, stage)

    @property
    def horizon(self) -> int:
        """So many days ahead of its due date a thing can be told of, at most: closed days count
        about double.
        """
        return 20 - 2 * min(0, *self.stages)


USUAL = Ladder()


def reached(
    due_on: date,
    today: date,
    open_days: OpenDays,
    ladder: Ladder = USUAL,
    *,
    came_in_on: date | None = None,
) -> int | None:
    """The highest stage reached on the day, or None before the first. Stages passed in silence are
    not told later.

    `came_in_on` is the day on which a thing arrived whose due date had passed by then, through a
    file or otherwise: stages before that day belong to a past in which nobody could know of it, and
    are never told.
    """
    distance = open_days.between(due_on, today)
    passed = [stage for stage in ladder.stages if stage <= distance]
    if not passed:
        return None
    stage = passed[-1]
    if came_in_on is not None and due_on < came_in_on and open_days.add(due_on, stage) < came_in_on:
        return None
    return stage


def written(stage: int) -> str:
    """The stage as it stands in a notice's key: −5 is "-5", the day itself "0", 3 days late
    "+3".
    """
    return f"+{stage}" if stage > 0 else str(stage)
