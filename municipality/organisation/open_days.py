"""Open days (開庁日): the calendar that counts them, and the one of a body, read from its tables."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import BooleanField, CharField, Value

from municipality.core.periods import ONE_DAY
from municipality.organisation.models import BodyHoliday, ClosedDay, Municipality, NationalHoliday

FIRST_COUNTED, LAST_COUNTED = date(1950, 1, 1), date(2099, 12, 31)
"""Days beyond count no open days: forms take none, and a page that meets one must not count for
minutes.
"""


@lru_cache(maxsize=64)
def library_holidays(year: int) -> frozenset[date]:
    """National holidays of a calendar year from the `holidays` library, 振替休日 and 国民の休日
    included.
    """
    return frozenset(holidays.country_holidays("JP", years=year))


class OpenDays:
    """Which days the town hall is open: not weekends, national holidays, 12/29–1/3 and local closed
    days.
    """

    def __init__(
        self,
        *,
        closed: Iterable[date] = (),
        opened: Iterable[date] = (),
        national: dict[int, frozenset[date]] | None = None,
    ) -> None:
        """`national` replaces the library's holidays for the calendar years it holds; `closed` and
        `opened` are local.
        """
        self.closed, self.opened, self.national = (
            frozenset(closed),
            frozenset(opened),
            national or {},
        )
        self._years: dict[int, list[date]] = {}

    def is_open(self, day: date) -> bool:
        """Is the town hall open on the day?"""
        if day in self.opened:
            return True
        if (
            day in self.closed
            or day.weekday() >= 5
            or (day.month, day.day) >= (12, 29)
            or (day.month, day.day) <= (1, 3)
        ):
            return False
        return day not in self.national.get(day.year, library_holidays(day.year))

    def roll(self, day: date) -> date:
        """The day itself when open, else the next open day."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The open day `count` open days after (before, when negative) the day. 0 rolls to the next
        open day.
        """
        if count == 0:
            return self.roll(day)
        step = ONE_DAY if count > 0 else -ONE_DAY
        while count:
            day += step
            if self.is_open(day):
                count -= 1 if count > 0 else -1
        return day

    def nth_after(self, last: date, count: int) -> date:
        """The n-th open day after a period's last day, as due dates are written."""
        return self.add(last, count)

    def between(self, start: date, end: date) -> int:
        """Open days from `start` (left out) to `end` (counted); negative when the end lies before
        the start.
        """
        if end < start:
            return -self.between(end, start)
        start, end = (min(max(day, FIRST_COUNTED), LAST_COUNTED) for day in (start, end))
        total = 0
        for year in range(start.year, end.year + 1):
            days = self._open_days_of(year)
            total += bisect_right(days, end) - bisect_right(days, start)
        return total

    def left(self, today: date, due_on: date) -> int:
        """Open days left until a due date, it counted; negative from the morning after it on, on
        closed days too.
        """
        days = self.between(today, due_on)
        return min(days, -1) if due_on < today else days

    def within(self, first: date, last: date) -> int:
        """Open days of a period, both ends included."""
        return self.between(first - ONE_DAY, last)

    def _open_days_of(self, year: int) -> list[date]:
        if year not in self._years:
            count = 366 if calendar.isleap(year) else 365
            every = (date(year, 1, 1) + timedelta(days=n) for n in range(count))
            self._years[year] = [day for day in every if self.is_open(day)]
        return self._years[year]


def open_days(municipality: Municipality | str) -> OpenDays:
    """The open days of the body (a Municipality or its code), in one query over its tables and the
    installation's.

    Holidays of a year: the body's own import, else the installation's table, else the library.
    """
    code = municipality if isinstance(municipality, str) else municipality.pk
    national = NationalHoliday.objects.order_by().values_list(
        "date", Value("national", CharField()), Value(False, BooleanField())
    )
    taken = (
        BodyHoliday.objects.of(code)
        .order_by()
        .values_list("date", Value("taken", CharField()), Value(False, BooleanField()))
    )
    local = (
        ClosedDay.objects.of(code)
        .order_by()
        .values_list("date", Value("local", CharField()), "is_open")
    )
    known: dict[str, dict[int, set[date]]] = {
        "national": defaultdict(set),
        "taken": defaultdict(set),
    }
    closed: set[date] = set()
    opened: set[date] = set()
    for day, source, is_open in national.union(taken, local, all=True):
        if source in known:
            known[source][day.year].add(day)
        else:
            (opened if is_open else closed).add(day)
    of_year = known["national"] | known["taken"]
    return OpenDays(
        closed=closed,
        opened=opened,
        national={year: frozenset(days) for year, days in of_year.items()},
    )
