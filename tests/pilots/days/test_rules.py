"""Which figures of usage are hidden: what counts as few, and what follows from it."""

from __future__ import annotations

import pytest

from municipality.core.figures import Figure
from pilots.days.rules import USAGE_CODES, hidden_usage


@pytest.mark.parametrize(
    ("figure", "small"),
    [
        (Figure(0), False),
        (Figure(4), True),
        (Figure(5), False),
        (Figure(None), False),
        (Figure(6, 8, kind="rate"), True),
        (Figure(6, 11, kind="rate"), False),
        (Figure(0, 4, kind="rate"), True),
        (Figure(10, 10, kind="rate"), False),
    ],
)
def test_what_counts_as_few(figure, small):
    assert hidden_usage({"K03": figure}, 5) == (USAGE_CODES if small else frozenset())


def test_whoever_may_read_small_numbers_reads_all():
    assert hidden_usage({"K01": Figure(1)}, 0) == frozenset()


def test_few_people_outside_the_pilots_take_away_what_tells_of_all():
    figures = {
        "K01": Figure(12),
        "K02": Figure(12, 40, kind="rate"),
        "K03": Figure(10, 20, kind="rate"),
    }
    assert hidden_usage(figures, 5) == {"K01", "K02", "K06", "K35"}
