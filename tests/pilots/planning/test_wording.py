"""Amounts in words: rounded once, half up, whole numbers without a decimal."""

from __future__ import annotations

import pytest

from pilots.planning.wording import amount_words, share_words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (9.75, "日", "9.8日"),
        (9.85, "日", "9.9日"),
        (10.0, "日", "10.0日"),
        (1272, "人日", "1,272.0人日"),
        (1240, "人", "1,240人"),
        (34.25, "%", "34.3%"),
        (40.0, "%", "40.0%"),
        (None, "日", "—"),
    ],
)
def test_an_amount_is_rounded_half_up_to_a_tenth(value, unit, words):
    assert amount_words(value, unit) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [((9.8, 3), "9.8 / 3人"), ((1050, 2000), "1,050 / 2,000人"), ((None, 3), "—"), ((3, 0), "—")],
)
def test_the_days_of_a_mean_are_told_as_the_figure_beside_them(counts, words):
    assert share_words(*counts, "人") == words
