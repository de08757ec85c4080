"""The ladder of reminders: which stage a due date has reached, counted in open days (開庁日)."""

from __future__ import annotations

from datetime import date

from .periods import OpenDays

STAGES = (-5, -1, 0, 1, 3, 5)
ESCALATES_TO_MANAGER = 3
ESCALATES_TO_OFFICE = 5


def reached(due_on: date, today: date, open_days: OpenDays) -> int | None:
    """The highest stage reached on the day, or None before the first. Stages passed in silence are not told later."""
    distance = open_days.between(due_on, today)
    passed = [stage for stage in STAGES if stage <= distance]
    return passed[-1] if passed else None


def written(stage: int) -> str:
    """The stage as it stands in a notice's key: −5 is "-5", the day itself "0", 3 days late "+3"."""
    return f"+{stage}" if stage > 0 else str(stage)
