"""What may be compared: another definition, population or base is no change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipality.core.figures import (
    COUNTED,
    INCOMPLETE,
    POPULATION,
    Figure,
    has_moved,
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
        ((11, 14), (10, 13), COUNTED),  # one left who did it: 78.6 → 76.9, no fall
        ((11, 14), (4, 6), COUNTED),  # eight left, of whom seven did: 78.6 → 66.7, no fall
        ((11, 14), (12, 15), COUNTED),  # one came who does: 78.6 → 80.0, no rise
        ((11, 14), (11, 15), COUNTED),  # one came who does not
        ((11, 14), (12, 16), COUNTED),  # more do, and of more the share falls
        ((10, 20), (12, 24), COUNTED),  # the same share of more people
        ((11, 14), (13, 15), ""),  # one came, two more do: 78.6 → 86.7
        ((11, 14), (10, 15), ""),  # one came, and one fewer does
        ((11, 14), (12, 13), ""),  # one left, and one more does
        ((11, 14), (9, 13), ""),  # one left, two fewer do: 78.6 → 69.2
        ((50, 100), (60, 105), ""),  # five came, ten more do
        ((50, 100), (54, 105), COUNTED),
        ((11, 14), (9, 14), ""),
        ((11, 14), (11, 14), ""),
        ((0, 0), (3, 13), ""),  # nothing to measure before
    ],
)
def test_over_another_base_a_change_is_told_only_beyond_what_those_people_can_have_made(
    before, now, reason
):
    found = not_comparable(Figure(*now, kind="rate"), Figure(*before, kind="rate"))
    assert found == reason


shares = st.integers(1, 30).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@given(before=shares, now=shares)
def test_a_told_change_holds_whoever_came_or_left(before, now):
    """Of those counted both times, whoever of the others did: as many more, or fewer, do it."""
    (did, base), (does, new_base) = before, now
    figure, previous = Figure(does, new_base, kind="rate"), Figure(did, base, kind="rate")
    if base == new_base or not_comparable(figure, previous):
        return
    few = min(base, new_base)
    if new_base < base:
        steps = {does - (did - one) for one in range(base - few + 1) if 0 <= did - one <= few}
    else:
        steps = {(does - one) - did for one in range(new_base - few + 1) if 0 <= does - one <= few}
    assert steps
    assert all(step * (figure.value - previous.value) > 0 for step in steps)


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ((11, 14), (9, 11), COUNTED),  # three left who did it; of those who stayed one more does
        ((11, 14), (11, 14), ""),
        ((11, 14), (7, 11), ""),  # three left, four fewer do it
        ((11, 14), (12, 11), ""),
        ((11, 14), (13, 16), COUNTED),  # two came
        ((11, 14), (14, 16), ""),
        ((11, None), (9, 11), ""),  # frozen before anybody kept who could be counted
    ],
)
def test_a_count_of_people_moves_only_beyond_those_who_came_or_left(before, now, reason):
    assert not_comparable(Figure(*now), Figure(*before)) == reason


def test_days_of_other_people_are_no_change():
    before = Figure(21.5, 14, kind="duration")
    assert not_comparable(Figure(16.0, 11, kind="duration"), before) == COUNTED
    assert not_comparable(Figure(40.0, 14, kind="duration"), before) == ""
    assert Figure(21.5, 14, kind="duration").value == 21.5


def test_a_count_has_moved_only_with_its_number():
    assert not has_moved(Figure(11), Figure(11, 14))
    assert not has_moved(Figure(5.5), Figure(5.5, 14, kind="duration"))
    assert has_moved(Figure(11, 14), Figure(10, 14))
    assert has_moved(Figure(11, 14, kind="rate"), Figure(11, 13, kind="rate"))


def test_of_a_mean_sum_and_value_move_alike():
    assert not_comparable(Figure(6, 3, kind="mean"), Figure(6, 4, kind="mean")) == COUNTED
    assert not_comparable(Figure(9, 4, kind="mean"), Figure(6, 3, kind="mean")) == ""
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
