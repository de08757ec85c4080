"""Open days and periods against the vectors of fiscal 2026 (令和8年度), counted by hand from the
calendar.
"""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.figures import Figure
from municipality.core.periods import Period, fiscal_year_of, read_date
from municipality.organisation.open_days import OpenDays

CALENDAR = OpenDays()


@pytest.mark.parametrize(
    ("month_before_ends", "fifth"),
    [
        (date(2026, 3, 31), date(2026, 4, 7)),
        (date(2026, 4, 30), date(2026, 5, 12)),
        (date(2026, 6, 30), date(2026, 7, 7)),
        (date(2026, 8, 31), date(2026, 9, 7)),
        (date(2026, 9, 30), date(2026, 10, 7)),
        (date(2026, 12, 31), date(2027, 1, 8)),
    ],
)
def test_the_fifth_open_day_after_a_month(month_before_ends, fifth):
    assert CALENDAR.nth_after(month_before_ends, 5) == fifth


@pytest.mark.parametrize(
    ("quarter_ends", "tenth"),
    [(date(2026, 9, 30), date(2026, 10, 15)), (date(2026, 12, 31), date(2027, 1, 18))],
)
def test_the_tenth_open_day_after_a_quarter(quarter_ends, tenth):
    assert CALENDAR.nth_after(quarter_ends, 10) == tenth


@pytest.mark.parametrize(
    ("month", "count"), [(date(2026, 5, 1), 18), (date(2026, 9, 1), 19), (date(2027, 2, 1), 18)]
)
def test_open_days_of_a_month(month, count):
    period = Period.holding(Period.MONTH, month)
    assert CALENDAR.within(period.first, period.last) == count


def test_fiscal_2026_has_241_open_days():
    assert CALENDAR.within(date(2026, 4, 1), date(2027, 3, 31)) == 241


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 5, 6),  # 振替休日 of 5/3
        date(2026, 9, 22),  # 国民の休日 between two holidays
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 3),
        date(2026, 4, 4),
        date(2026, 4, 29),
    ],
)
def test_the_town_hall_is_closed(closed):
    assert CALENDAR.is_open(closed) is False


@pytest.mark.parametrize(
    "day", [date(2026, 12, 28), date(2027, 1, 4), date(2026, 5, 7), date(2026, 9, 24)]
)
def test_the_town_hall_is_open(day):
    assert CALENDAR.is_open(day) is True


def test_a_due_date_on_a_closed_day_moves_to_the_next_open_one():
    assert CALENDAR.roll(date(2026, 5, 2)) == date(2026, 5, 7)
    assert CALENDAR.roll(date(2026, 5, 7)) == date(2026, 5, 7)


def test_local_days_close_and_open_beside_the_calendar():
    local = OpenDays(closed=[date(2026, 6, 1)], opened=[date(2026, 6, 6)])
    assert (local.is_open(date(2026, 6, 1)), local.is_open(date(2026, 6, 6))) == (False, True)


def test_an_imported_table_replaces_the_holidays_of_its_year_only():
    table = OpenDays(national={2026: frozenset({date(2026, 6, 3)})})
    assert table.is_open(date(2026, 6, 3)) is False
    assert table.is_open(date(2026, 4, 29)) is True
    assert table.is_open(date(2027, 4, 29)) is False


@pytest.mark.parametrize(
    ("start", "end", "distance"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), 0),
        (date(2026, 4, 1), date(2026, 4, 2), 1),
        (date(2026, 4, 3), date(2026, 4, 6), 1),
        (date(2026, 4, 6), date(2026, 4, 3), -1),
        (date(2026, 5, 1), date(2026, 5, 7), 1),
        (date(2026, 12, 28), date(2027, 1, 4), 1),
        (date(2026, 3, 31), date(2027, 3, 31), 241),
    ],
)
def test_open_days_between_two_days(start, end, distance):
    assert CALENDAR.between(start, end) == distance


@pytest.mark.parametrize(
    ("today", "due_on", "left"),
    [
        (date(2026, 12, 4), date(2026, 12, 4), 0),
        (date(2026, 12, 5), date(2026, 12, 4), -1),  # the Saturday after a Friday
        (date(2026, 12, 6), date(2026, 12, 4), -1),
        (date(2026, 12, 7), date(2026, 12, 4), -1),
        (date(2026, 12, 8), date(2026, 12, 4), -2),
        (date(2026, 12, 5), date(2026, 12, 7), 1),
        (date(2026, 12, 4), date(2026, 12, 6), 0),  # due on a Sunday
    ],
)
def test_a_due_date_is_over_from_the_next_morning_on_closed_or_not(today, due_on, left):
    assert CALENDAR.left(today, due_on) == left


def test_years_that_no_form_takes_count_no_open_days():
    """A row with such a day holds no page up: each year would be counted day by day."""
    day = date(2026, 11, 6)
    assert CALENDAR.between(day, date(9999, 12, 31)) == CALENDAR.between(day, date(2099, 12, 31))
    assert CALENDAR.between(day, date(1, 1, 1)) == CALENDAR.between(day, date(1950, 1, 1))


@pytest.mark.parametrize("count", [1, 3, 5, -1, -5])
def test_adding_and_counting_agree(count):
    start = date(2026, 4, 28)
    assert CALENDAR.between(start, CALENDAR.add(start, count)) == count


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01", date(2026, 4, 1)),
        ("2026/4/1", date(2026, 4, 1)),
        ("2026年4月1日", date(2026, 4, 1)),
        ("令和8年4月1日", date(2026, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R8.4.1", date(2026, 4, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("２０２６／４／１", date(2026, 4, 1)),
        (" 令和 8年 4月 1日 ", date(2026, 4, 1)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026/04/01 0:00:00", date(2026, 4, 1)),
        ("2026-04-01 00:00", date(2026, 4, 1)),
    ],
)
def test_a_date_is_read_in_either_calendar(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29",
        "2026-13-01",
        "R8.4",
        "4/1",
        "20260401",
        "あした",
        "令和八年四月一日",
        "26-04-01",
        "2026-04-01T00:00",
        "2026-04-01 09:30",
        "2026/4/1 1",
        "2026/4 1/1",
        "令和0年4月1日",
        "2026-04-0³",
        "2026-04-②",
        "令和8年٤月1日",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_date(text)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 4, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 4, 1), 2027),
    ],
)
def test_the_fiscal_year_turns_on_the_first_of_april(day, year):
    assert fiscal_year_of(day) == year


@pytest.mark.parametrize(
    ("cadence", "day", "first", "last"),
    [
        ("month", date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31)),
        ("half", date(2026, 9, 30), date(2026, 4, 1), date(2026, 9, 30)),
        ("half", date(2027, 3, 31), date(2026, 10, 1), date(2027, 3, 31)),
        ("year", date(2027, 3, 31), date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_the_period_that_holds_a_day(cadence, day, first, last):
    period = Period.holding(cadence, day)
    assert (period.first, period.last) == (first, last)


def test_periods_follow_each_other_and_lie_inside_each_other():
    quarter = Period.holding(Period.QUARTER, date(2027, 3, 1))
    assert quarter.following.first == date(2027, 4, 1)
    assert quarter.previous.last == date(2026, 12, 31)
    assert [part.first for part in quarter.parts] == [
        date(2027, 1, 1),
        date(2027, 2, 1),
        date(2027, 3, 1),
    ]
    assert [part.cadence for part in Period.holding(Period.YEAR, date(2026, 4, 1)).parts] == [
        "half",
        "half",
    ]


def test_the_months_of_a_period_are_those_inside_and_of_a_month_itself():
    year = Period.holding(Period.YEAR, date(2026, 10, 1))
    assert [month.first.month for month in year.months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    half, month = (Period.holding(each, date(2027, 2, 9)) for each in (Period.HALF, Period.MONTH))
    assert [each.cadence for each in half.months] == ["month"] * 6
    assert month.months == [month]


def test_nothing_to_measure_is_not_zero():
    assert Figure(0, 0, kind="rate").value is None
    assert Figure(None).value is None
    assert Figure(0, 5, kind="rate").value == 0
    assert Figure(3, 4, kind="rate").value == 75
