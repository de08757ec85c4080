"""The day strip: what is late, today, and the next 14 days. What comes later stands beside it, so
that all adds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core import date_words
from municipality.deadlines.queries import Due
from municipality.organisation.open_days import OpenDays, library_holidays

DAYS = 14

OVERDUE, LATER = "overdue", "later"


@dataclass(frozen=True)
class DayCell:
    """One cell: `label` above `weekday` (empty label: the day's number), the count, and the address
    that filters by it.
    """

    date: date
    label: str
    weekday: str
    count: int
    address: str
    closed: bool = False
    today: bool = False
    overdue: bool = False


def place_of(due_on: date, today: date) -> str:
    """The cell a due day falls into: "overdue", "later" or the day in ISO."""
    if due_on < today:
        return OVERDUE
    return LATER if due_on > today + timedelta(days=DAYS) else due_on.isoformat()


def cells(
    things: Iterable[Due], today: date, calendar: OpenDays, address: Callable[[str], str]
) -> list[DayCell]:
    """The cells of the strip for these things; `address` gives the link that shows the things of
    one cell.
    """
    counts = Counter(place_of(due.due_on, today) for due in things)
    days = [today + timedelta(days=number) for number in range(DAYS + 1)]
    before = today - timedelta(days=1)
    until = _("%(day)sまで") % {"day": date_words.short_day(before)}
    late = DayCell(
        before, pgettext("期限", "超過"), until, counts[OVERDUE], address(OVERDUE), overdue=True
    )
    return [
        late,
        *(
            _day(day, today, calendar, counts[day.isoformat()], address(day.isoformat()))
            for day in days
        ),
    ]


def after_strip(today: date) -> date:
    """The first day that the strip does not show."""
    return today + timedelta(days=DAYS + 1)


def _day(day: date, today: date, calendar: OpenDays, count: int, address: str) -> DayCell:
    closed = not calendar.is_open(day)
    word = pgettext("曜日の代わり", "今日") if day == today else weekday(day, calendar)
    return DayCell(day, "", word, count, address, closed=closed, today=day == today)


def weekday(day: date, calendar: OpenDays) -> str:
    """The day of the week in short; 祝 on a national holiday."""
    if day in calendar.national.get(day.year, library_holidays(day.year)):
        return pgettext("曜日の代わり", "祝")
    return date_words.weekday(day)
