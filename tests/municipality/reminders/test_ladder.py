"""The stages of the ladder (−5 −1 0 +1 +3 +5), counted in open days."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.organisation.open_days import OpenDays
from municipality.reminders.schedule import reached, written

CALENDAR = OpenDays()
DUE = date(2026, 5, 12)  # a Tuesday after the long holidays


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 4, 28), None),
        (date(2026, 4, 30), -5),
        (date(2026, 5, 1), -5),
        (date(2026, 5, 10), -5),
        (date(2026, 5, 11), -1),
        (date(2026, 5, 12), 0),
        (date(2026, 5, 13), 1),
        (date(2026, 5, 14), 1),
        (date(2026, 5, 15), 3),
        (date(2026, 5, 17), 3),
        (date(2026, 5, 19), 5),
        (date(2026, 7, 1), 5),
    ],
)
def test_the_stage_on_a_day(today, stage):
    assert reached(DUE, today, CALENDAR) == stage


def test_what_was_passed_in_silence_counts_as_its_latest_stage():
    assert reached(date(2026, 4, 1), date(2026, 12, 1), CALENDAR) == 5


@pytest.mark.parametrize(
    ("stage", "text"), [(-5, "-5"), (-1, "-1"), (0, "0"), (1, "+1"), (3, "+3"), (5, "+5")]
)
def test_a_stage_in_a_key(stage, text):
    assert written(stage) == text
