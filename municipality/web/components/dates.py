"""Dates and numbers as an office writes them, in the language of the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.template import Library
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

register = Library()


WEEKDAYS = "月火水木金土日"

ERAS = (
    (dt.date(2019, 5, 1), "令和"),
    (dt.date(1989, 1, 8), "平成"),
    (dt.date(1926, 12, 25), "昭和"),
)

NOTHING = "—"


def _date(value) -> dt.date:
    """The local date of a date or of an aware moment."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.date()
    return value


def _english() -> bool:
    return (get_language() or "ja").startswith("en")


def _english_day(day: dt.date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def era(day: dt.date) -> tuple[str, str]:
    """Name of the era and the year in it; the first year is 元. Before 昭和 the Western year stands
    alone.
    """
    for begins, name in ERAS:
        if day >= begins:
            year = day.year - begins.year + 1
            return name, "元" if year == 1 else str(year)
    return "", str(day.year)


def year_of(value) -> int:
    """The fiscal year (April to March) a date falls in."""
    day = _date(value)
    return day.year if day.month >= 4 else day.year - 1


@register.filter
def day(value, today=None) -> str:
    """11月4日(水) or 4 Nov 2026. With `today`, a date of another fiscal year shows its year."""
    if not value:
        return NOTHING
    date = _date(value)
    if _english():
        return _english_day(date)
    if today and year_of(date) != year_of(today):
        return wareki(date)
    return f"{date.month}月{date.day}日({WEEKDAYS[date.weekday()]})"


@register.filter
def short_day(value) -> str:
    """11/9 or 9 Nov: where a step or a column has room for nothing more."""
    if not value:
        return NOTHING
    date = _date(value)
    return f"{date.day} {date:%b}" if _english() else f"{date.month}/{date.day}"


@register.filter
def wareki(value) -> str:
    """令和9年3月31日(水), or 31 Mar 2027 in English."""
    if not value:
        return NOTHING
    date = _date(value)
    if _english():
        return _english_day(date)
    name, year = era(date)
    return f"{name}{year}年{date.month}月{date.day}日({WEEKDAYS[date.weekday()]})"


@register.filter
def seal_date(value) -> str:
    """8.11.4, as in a seal: year of the era, month, day. The same in every language."""
    if not value:
        return ""
    date = _date(value)
    return f"{era(date)[1]}.{date.month}.{date.day}"


@register.filter
def clock(value) -> str:
    """10:42, local time."""
    if not value:
        return NOTHING
    moment = (
        timezone.localtime(value)
        if isinstance(value, dt.datetime) and timezone.is_aware(value)
        else value
    )
    return f"{moment.hour}:{moment.minute:02d}"


@register.filter
def moment(value) -> str:
    """11月9日(月) 14:20: the day and the time."""
    return f"{day(value)} {clock(value)}" if value else NOTHING


@register.filter
def iso(value) -> str:
    """2026-11-04, for tooltips, machines and files."""
    return _date(value).isoformat() if value else ""


@register.filter
def fiscal_year(value) -> str:
    """令和8年度 or FY2026, of a date or of the Western number of the fiscal year."""
    if not value:
        return NOTHING
    number = value if isinstance(value, int) else year_of(value)
    if _english():
        return f"FY{number}"
    name, year = era(dt.date(number, 5, 1))
    return f"{name}{year}年度"


@register.filter
def month(value) -> str:
    """令和8年10月 or Oct 2026."""
    if not value:
        return NOTHING
    date = _date(value)
    name, year = era(date)
    return f"{date:%b} {date.year}" if _english() else f"{name}{year}年{date.month}月"


@register.simple_tag
def span(start, end=None) -> str:
    """`{% span start end %}`: from a day to a day, in a sentence. An open end is left out."""
    facts = {"start": wareki(start), "end": wareki(end)}
    if not end:
        return _("%(start)sから") % facts
    return _("%(start)sから%(end)sまで") % facts


@register.filter
def number(value, decimals=None) -> str:
    """1,240 or −3.5: thousands with a comma, a true minus sign. None is —, zero is 0."""
    if value is None or value == "":
        return NOTHING
    if not isinstance(value, int | float | Decimal):
        return str(value)
    text = f"{value:,.{int(decimals)}f}" if decimals is not None else f"{value:,}"
    return text.replace("-", "−")


@register.filter
def minus(value) -> str:
    """A number with the true minus sign (U+2212)."""
    return number(value)


@register.filter
def signed(value, decimals=None) -> str:
    """+4.2, −3, ±0: a difference with its sign."""
    if value is None or value == "":
        return NOTHING
    text = number(value, decimals)
    if value > 0:
        return f"+{text}"
    return text if value < 0 else f"±{text}"


@register.filter
def percent(value, decimals=1) -> str:
    """38.4% from the share 0.384."""
    return NOTHING if value is None else f"{number(value * 100, decimals)}%"


@register.filter
def hours(minutes) -> str:
    """3時間45分 from 225 minutes."""
    if minutes is None:
        return NOTHING
    whole, rest = divmod(int(minutes), 60)
    parts = [
        pgettext("長さ", "%d時間") % whole if whole else "",
        pgettext("長さ", "%d分") % rest if rest or not whole else "",
    ]
    return (" " if _english() else "").join(part for part in parts if part)
