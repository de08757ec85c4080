"""Days and the periods of the fiscal year (4/1–3/31). Pure: the clock comes as an argument."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from municipality.core.digits import narrow

ONE_DAY = timedelta(days=1)

ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
)
"""Name, letter and first day of the eras, the latest first."""

YEAR_BEFORE = {name: begins.year - 1 for long, letter, begins in ERAS for name in (long, letter)}
"""The Western year before the first of an era: year n of 令和 is 2018 + n."""

ERA_DATE = re.compile(
    r"^(令和|平成|昭和|R|H|S)(元|[0-9]{1,2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?$"
)

MIDNIGHT = re.compile(r"\s+0{1,2}:00(?::00(?:\.0+)?)?$")
"""The time that a program writes behind a day that has none."""

BROKEN_NUMBER = re.compile(r"[0-9]\s+[0-9]")

WESTERN_DATE = re.compile(r"^([0-9]{4})[-/年.]([0-9]{1,2})[-/月.]([0-9]{1,2})日?$")

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

ENGLISH_DATE = re.compile(
    rf"^([0-9]{{1,2}})({'|'.join(MONTHS)})[a-z]*\.?,?([0-9]{{4}})$", re.IGNORECASE
)

YEARLESS_DATE = re.compile(r"^[0-9]{1,2}([-/月.])[0-9]{1,2}日?$")


def lacks_year(text: str) -> bool:
    """Is it a day without its year: 12/18, 12月18日?"""
    return bool(YEARLESS_DATE.match("".join(narrow(text).split())))


def read_date(text: str) -> date:
    """A date written 2026-04-01, 2026/4/1, 2026年4月1日, 令和8年4月1日, R8.4.1 or 1 Apr 2026;
    full-width digits are taken, and a time of midnight behind the day.

    Raises ValueError for anything else and for days that do not exist.
    """
    text = MIDNIGHT.sub("", narrow(text).strip())
    if BROKEN_NUMBER.search(text):
        raise ValueError(text)
    text = "".join(text.split())
    if match := WESTERN_DATE.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := ERA_DATE.match(text):
        era, number = match.group(1, 2)
        count = 1 if number == "元" else int(number)
        if not count:
            raise ValueError(text)
        year = YEAR_BEFORE[era] + count
        month, day = (int(part) for part in match.group(3, 4))
    elif match := ENGLISH_DATE.match(text):
        day, month, year = int(match[1]), MONTHS.index(match[2].lower()) + 1, int(match[3])
    else:
        raise ValueError(text)
    return date(year, month, day)


def fiscal_year_of(day: date) -> int:
    """The fiscal year (年度) that holds the day: January to March belong to the year before."""
    return day.year if day.month >= 4 else day.year - 1


def last_day_within(first: date, years: int) -> date:
    """The last of so many whole years that begin with the day."""
    return _months_on(first, 12 * years) - ONE_DAY


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
