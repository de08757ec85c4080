"""Dates and numbers as an office writes them, in the language of the page."""

from __future__ import annotations

from decimal import Decimal

from django.template import Library
from django.utils.translation import pgettext

from municipality.core.date_words import (
    NOTHING,
    clock,
    day_words,
    era_day,
    fiscal_year_words,
    local_day,
    moment,
    seal_day,
    short_day,
    short_month,
    span_words,
)
from municipality.core.periods import fiscal_year_of
from municipality.core.worded import is_english

register = Library()


register.filter("day", day_words)
register.filter("short_day", short_day)
register.filter("wareki", era_day)
register.filter("seal_date", seal_day)
register.filter("month", short_month)
register.filter("clock", clock)
register.filter("moment", moment)


@register.filter
def iso(value) -> str:
    """2026-11-04, for tooltips, machines and files."""
    return local_day(value).isoformat() if value else ""


@register.filter
def fiscal_year(value) -> str:
    """令和8年度 or FY2026, of a date or of the Western number of the fiscal year."""
    if not value:
        return NOTHING
    return fiscal_year_words(value if isinstance(value, int) else fiscal_year_of(local_day(value)))


@register.simple_tag
def span(start, end=None) -> str:
    """`{% span start end %}`: from a day to a day, in a sentence. An open end is left out."""
    return span_words(start, end, brief=False)


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
    return (" " if is_english() else "").join(part for part in parts if part)
