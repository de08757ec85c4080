"""Days, spans, months, periods and fiscal years in words, in the reader's language. Nothing to say
is —.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.digits import narrow
from municipality.core.periods import ERAS, Period, fiscal_year_of
from municipality.core.worded import is_english, kept_as, said

WEEKDAYS = "月火水木金土日"

NOTHING = "—"


def local_day(value: date | datetime) -> date:
    """The day of a date, or of a moment as it is in Japan."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def era(day: date) -> tuple[str, str]:
    """Name of the era and the year in it; the first year is 元. Before 昭和 the Western year stands
    alone.
    """
    for name, _letter, begins in ERAS:
        if day >= begins:
            year = day.year - begins.year + 1
            return name, "元" if year == 1 else str(year)
    return "", str(day.year)


def day_words(value: date | datetime | None, today: date | None = None) -> str:
    """11月4日(水) or 4 Nov 2026. With `today`, a date of another fiscal year shows its year."""
    if not value:
        return NOTHING
    day = local_day(value)
    if is_english() or (today and fiscal_year_of(day) != fiscal_year_of(local_day(today))):
        return era_day(day)
    return f"{month_day(day)}({weekday(day)})"


def clock(value: datetime | time | None) -> str:
    """10:42, local time."""
    if not value:
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}:{value.minute:02d}"


def moment(value: datetime | None) -> str:
    """11月9日(月) 14:20: the day and the time."""
    return f"{day_words(value)} {clock(value)}" if value else NOTHING


def era_day(value: date | datetime | None, before: date | None = None) -> str:
    """令和9年1月12日(火), or 12 Jan 2027. The year is left out after a day of the same calendar
    year (`before`).
    """
    if not value:
        return NOTHING
    day = local_day(value)
    return _era_day(day, before is None or local_day(before).year != day.year)


@kept_as("era_day")
def _era_day(day: date, with_year: bool) -> str:
    if is_english():
        return f"{month_day(day)} {day.year}" if with_year else month_day(day)
    year = "{}{}年".format(*era(day)) if with_year else ""
    return f"{year}{month_day(day)}({weekday(day)})"


def kept_day(text: str) -> str:
    """令和9年1月12日(火) from 2027-01-12, as a row kept for machines has it. What is no day stays as it
    is.
    """
    try:
        return era_day(date.fromisoformat(text))
    except ValueError:
        return text


def month_day(day: date) -> str:
    """11月9日 or 9 Nov."""
    return f"{day.day} {day:%b}" if is_english() else f"{day.month}月{day.day}日"


def weekday_day(day: date) -> str:
    """11月9日(月) or Mon 9 Nov."""
    return f"{day:%a} {month_day(day)}" if is_english() else f"{month_day(day)}({weekday(day)})"


def formal_day(day: date | None) -> str:
    """令和8年11月9日 or 9 Nov 2026, as letters have it and as one types it; empty for none."""
    if not day:
        return ""
    return era_day(day) if is_english() else "{}{}年".format(*era(day)) + month_day(day)


def short_day(value: date | datetime | None) -> str:
    """11/9 or 9 Nov: where a step or a column has room for nothing more."""
    if not value:
        return NOTHING
    day = local_day(value)
    return month_day(day) if is_english() else f"{day.month}/{day.day}"


def weekday(day: date) -> str:
    """月 or Mon."""
    return f"{day:%a}" if is_english() else WEEKDAYS[day.weekday()]


def seal_day(value: date | datetime | None) -> str:
    """8.11.4, as in a seal: year of the era, month, day. The same in every language."""
    if not value:
        return ""
    day = local_day(value)
    return f"{era(day)[1]}.{day.month}.{day.day}"


def span_words(
    first: date | None, last: date | None = None, before: date | None = None, *, brief: bool = True
) -> str:
    """From a day to a day; an open end is left out. The year of the first day is left out after a
    day of the same year (`before`); that of the second stands again only when it is another one,
    and then both stand, or always unless `brief`.
    """
    within = not (first and last) or first.year == last.year
    start = era_day(first, before if within else None)
    if not last:
        return said(_("%(start)sから"), start=start)
    until = era_day(last, first if brief else None)
    return said(_("%(first)sから%(last)sまで"), first=start, last=until)


def span_days(first: date, last: date, today: date) -> tuple[str, str]:
    """Both days of a span for a column: with their years unless they lie in one calendar year, in
    the fiscal year of today.
    """
    years = {fiscal_year_of(day) for day in (first, last, today)}
    if first.year == last.year and len(years) == 1:
        return day_words(first), day_words(last)
    return era_day(first), era_day(last)


def with_year(text: str, today: date) -> str:
    """What is typed as 12/18 or 12月18日, as it is typed with its year in the fiscal year of today:
    2026/12/18, 令和8年12月18日.
    """
    text = "".join(narrow(text).split())
    mark = next(letter for letter in text if not letter.isdigit())
    year = fiscal_year_of(today) + (int(text.split(mark)[0]) < 4)
    named = "{}{}年".format(*era(date(year, 12, 31))) if mark == "月" else f"{year}{mark}"
    return f"{named}{text}"


@kept_as("fiscal_year")
def fiscal_year_words(fiscal_year: int) -> str:
    """令和8年度 or FY2026."""
    if is_english():
        return f"FY{fiscal_year}"
    return "{}{}年度".format(*era(date(fiscal_year, 5, 1)))


@kept_as("month_name")
def month_name(day: date) -> str:
    """10月 or Oct: the month alone."""
    return f"{day:%b}" if is_english() else f"{day.month}月"


@kept_as("month")
def month_words(day: date) -> str:
    """令和8年10月 or October 2026."""
    return f"{day:%B %Y}" if is_english() else "{}{}年".format(*era(day)) + month_name(day)


def kept_month(month: str) -> str:
    """令和8年10月 or October 2026 from 2026-10, as a deadline keeps a month. What is no such month
    stays as it is.
    """
    try:
        return month_words(date.fromisoformat(f"{month}-01"))
    except ValueError:
        return month


def short_month(value: date | datetime | None) -> str:
    """令和8年10月 or Oct 2026."""
    if not value:
        return NOTHING
    day = local_day(value)
    return f"{day:%b %Y}" if is_english() else month_words(day)


def period_words(period: Period) -> str:
    """令和8年10月分, 令和8年度 第3四半期, 令和8年度 上期, 令和8年度: the period as an office calls
    it.
    """
    quarter = (period.first.month - 4) % 12 // 3 + 1
    year = fiscal_year_words(period.fiscal_year)
    if period.cadence == Period.MONTH:
        words = pgettext_lazy("レビューの期間", "%(month)s分")
        return said(words, month=month_words(period.first))
    if period.cadence == Period.QUARTER:
        words = pgettext_lazy("レビューの期間", "%(year)s 第%(quarter)s四半期")
        return said(words, year=year, quarter=quarter)
    if period.cadence == Period.YEAR:
        return year
    words = (
        pgettext_lazy("レビューの期間", "%(year)s 上期")
        if quarter == 1
        else pgettext_lazy("レビューの期間", "%(year)s 下期")
    )
    return said(words, year=year)


def short_period(period: Period) -> str:
    """10月, 10–12月, 令和8年度: the head of a column of figures."""
    if period.cadence == Period.YEAR:
        return fiscal_year_words(period.fiscal_year)
    first, last = month_name(period.first), month_name(period.last)
    if period.cadence == Period.MONTH:
        return first
    return f"{first if is_english() else period.first.month}–{last}"
