"""Which figures of usage are hidden: what counts as few, and what follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import Gate
from pilots.days.indicators import distinct_people
from pilots.days.month_usage import MonthUsage
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
    assert hidden_usage({"K03": figure}, Gate(5)) == (USAGE_CODES if small else frozenset())


def test_whoever_may_read_small_numbers_reads_all():
    assert hidden_usage({"K01": Figure(1)}, Gate()) == frozenset()


def test_few_people_outside_the_pilots_take_away_what_tells_of_all():
    figures = {
        "K01": Figure(12),
        "K02": Figure(12, 40, kind="rate"),
        "K03": Figure(10, 20, kind="rate"),
    }
    assert hidden_usage(figures, Gate(5)) == {"K01", "K02", "K06", "K07", "K35"}


@pytest.mark.parametrize(
    ("people", "departments", "hidden"),
    [(5, 5, True), (5, 1, False), (9, 2, True), (10, 2, False), (12, 0, False), (24, 5, True)],
)
def test_departments_are_not_told_beside_the_people_where_there_are_few_in_each(
    people, departments, hidden
):
    """Five people in five departments are one in each; ten in two can be five and five."""
    figures = {"K01": Figure(people), "K07": Figure(departments, 6, kind="rate")}
    assert hidden_usage(figures, Gate(5)) == ({"K07"} if hidden else frozenset())
    assert hidden_usage(figures, Gate()) == frozenset()


QUARTER = Period.holding(Period.QUARTER, date(2026, 7, 1))


def share(*months: tuple[int, int]) -> Figure:
    """A rate of a longer period: who did and who did not, month by month."""
    people = tuple(count for month in months for count in month)
    return Figure(sum(people[::2]), sum(people), kind="rate", people=people)


@pytest.mark.parametrize(
    ("figures", "hidden"),
    [
        ({"K03": share((16, 7), (19, 7), (9, 8))}, frozenset()),
        ({"K03": share((16, 7), (3, 20), (9, 8))}, USAGE_CODES),
        ({"K03": Figure(19, 26, kind="rate")}, USAGE_CODES),
        (
            {"K03": share((9, 9), (9, 9), (9, 9)), "K02": share((9, 30), (12, 27), (9, 30))},
            USAGE_CODES - {"K03", "K04"},
        ),
        ({"K03": share((9, 9), (9, 9), (9, 9)), "K35": share((9, 6), (9, 6), (9, 6))}, {"K35"}),
        ({"K01": Figure(20)}, {"K01", "K06"}),
        ({"K01": Figure(20, people=(16, 13, 15, 4, 7, 5, 24, 20))}, {"K01", "K06"}),
        ({"K01": Figure(25, people=(16, 13, 15, 9, 12, 10, 19, 25))}, frozenset()),
    ],
)
def test_a_longer_period_tells_of_its_months(figures, hidden):
    assert hidden_usage(figures, Gate(5), QUARTER) == hidden


def test_a_person_of_a_longer_period_stands_in_every_group_once():
    """Three months with 2, 2 and 1 doers, three of them different: who of the quarter was not there
    in a month, and how often somebody was there again.
    """
    months = [
        MonthUsage(month, done={(member, 1): 1 for member in doers}, doers=set(doers))
        for month, doers in zip(QUARTER.months, ([1, 2], [2, 3], [3]), strict=True)
    ]
    assert distinct_people(months) == (2, 2, 1, 2, 2, 1, 1, 1, 2, 2, 3)
