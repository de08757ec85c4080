"""Days, open days (開庁日) and the periods of the fiscal year (4/1–3/31). Pure: the clock and the
rows come as arguments.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)

ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
)
"""Name, letter and first day of the eras, the latest first."""

YEAR_BEFORE = {name: begins.year - 1 for long, letter, begins in ERAS for name in (long, letter)}
"""The Western year before the first of an era: year n of 令和 is 2018 + n."""

ERA_DATE = re.compile(r"^(令和|平成|昭和|R|H|S)(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?$")

WESTERN_DATE = re.compile(r"^(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?$")


def read_date(text: str) -> date:
    """A date written 2026-04-01, 2026/4/1, 2026年4月1日, 令和8年4月1日 or R8.4.1; full-width digits
    are taken.

    Raises ValueError for anything else and for days that do not exist.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if match := WESTERN_DATE.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := ERA_DATE.match(text):
        era, number = match.group(1, 2)
        year = YEAR_BEFORE[era] + (1 if number == "元" else int(number))
        month, day = (int(part) for part in match.group(3, 4))
    else:
        raise ValueError(text)
    return date(year, month, day)


def fiscal_year_of(day: date) -> int:
    """The fiscal year (年度) that holds the day: January to March belong to the year before."""
    return day.year if day.month >= 4 else day.year - 1


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter, half or year of the fiscal calendar, from its first to its last day, both
    included.
    """

    first: date
    last: date
    cadence: str = field(compare=False)

    MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
    MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}

    @classmethod
    def holding(cls, cadence: str, day: date) -> Period:
        """The period of this cadence that holds the day."""
        length = cls.MONTHS[cadence]
        offset = (day.month - 4) % 12 // length * length
        start = _months_on(date(fiscal_year_of(day), 4, 1), offset)
        return cls(start, _months_on(start, length) - ONE_DAY, cadence)

    @property
    def fiscal_year(self) -> int:
        """The fiscal year it lies in."""
        return fiscal_year_of(self.first)

    @property
    def key(self) -> str:
        """ISO first day, e.g. 2026-10-01: with the cadence it names the period."""
        return self.first.isoformat()

    @property
    def previous(self) -> Period:
        """The period of the same cadence just before."""
        return Period.holding(self.cadence, self.first - ONE_DAY)

    @property
    def following(self) -> Period:
        """The period of the same cadence just after."""
        return Period.holding(self.cadence, self.last + ONE_DAY)

    @property
    def parts(self) -> list[Period]:
        """The periods of the next smaller cadence inside: a quarter's months, a half's quarters, a
        year's halves.
        """
        smaller = {"year": "half", "half": "quarter", "quarter": "month"}.get(self.cadence)
        if smaller is None:
            return []
        periods, day = [], self.first
        while day <= self.last:
            periods.append(Period.holding(smaller, day))
            day = periods[-1].last + ONE_DAY
        return periods

    @property
    def months(self) -> list[Period]:
        """The months inside, oldest first; of a month, itself."""
        return [month for part in self.parts for month in part.months] or [self]

    def holds(self, day: date) -> bool:
        """Is the day in it?"""
        return self.first <= day <= self.last


def _months_on(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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
        total = 0
        for year in range(start.year, end.year + 1):
            days = self._open_days_of(year)
            total += bisect_right(days, end) - bisect_right(days, start)
        return total

    def within(self, first: date, last: date) -> int:
        """Open days of a period, both ends included."""
        return self.between(first - ONE_DAY, last)

    def _open_days_of(self, year: int) -> list[date]:
        if year not in self._years:
            count = 366 if calendar.isleap(year) else 365
            every = (date(year, 1, 1) + timedelta(days=n) for n in range(count))
            self._years[year] = [day for day in every if self.is_open(day)]
        return self._years[year]
