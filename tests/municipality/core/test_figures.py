"""What may be compared: another definition, population or base is no change."""

from __future__ import annotations

import pytest

from municipality.core.figures import (
    COUNTED,
    INCOMPLETE,
    POPULATION,
    Figure,
    mean_of,
    members_of,
    not_comparable,
    population_key,
    same_population,
)


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ((11, 14), (11, 13), COUNTED),  # one person left who did nothing: 78.6 → 84.6, no rise
        ((11, 14), (10, 13), ""),  # down and down, though it may be one who left
        ((11, 14), (12, 16), COUNTED),  # more do, and of more the share falls
        ((10, 20), (12, 24), COUNTED),  # the same share of more people
        ((11, 14), (13, 15), ""),  # up and up: 78.6 → 86.7
        ((11, 14), (9, 13), ""),  # down and down: 78.6 → 69.2
        ((11, 14), (9, 14), ""),
        ((11, 14), (11, 14), ""),
        ((0, 0), (3, 13), ""),  # nothing to measure before
    ],
)
def test_over_another_base_a_change_is_told_only_where_number_and_share_moved_alike(
    before, now, reason
):
    found = not_comparable(Figure(*now, kind="rate"), Figure(*before, kind="rate"))
    assert found == reason


def test_a_mean_follows_the_same_rule_and_a_count_has_no_base():
    assert not_comparable(Figure(6, 3, kind="mean"), Figure(6, 4, kind="mean")) == COUNTED
    assert not_comparable(Figure(9, 4, kind="mean"), Figure(6, 3, kind="mean")) == ""
    assert not_comparable(Figure(6, 3), Figure(6, 4)) == ""
    two, three = (mean_of([Figure(5, 10, kind="rate")] * n) for n in (2, 3))
    assert not_comparable(three, two) == COUNTED


def test_who_is_missing_is_told_before_who_is_counted():
    now, before = Figure(11, 13, (4,), kind="rate"), Figure(11, 14, kind="rate")
    assert not_comparable(now, before) == INCOMPLETE


def test_a_key_keeps_its_members_and_an_old_one_without_them_names_the_same_set():
    key, other = population_key("pilots", [7, 4]), population_key("pilots", [4, 8])
    old = key.rpartition(":")[0]
    assert members_of(key) == {4, 7}
    assert members_of(old) == members_of("") == frozenset()
    assert same_population(old, key)
    assert not same_population(key, other)
    assert not_comparable(Figure(1, population=key), Figure(1, population=old)) == ""
    assert not_comparable(Figure(1, population=key), Figure(1, population=other)) == POPULATION
