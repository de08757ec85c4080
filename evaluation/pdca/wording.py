"""Periods, reviews and figures in words, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from municipality.core.periods import REIWA_START, Figure, Period

if TYPE_CHECKING:
    from evaluation.pdca.indicators.models import Indicator
    from evaluation.pdca.reviews.models import Review


NOTHING = "—"


def is_english() -> bool:
    """Does the reader read English?"""
    return (get_language() or "ja").startswith("en")


def year_words(fiscal_year: int) -> str:
    """令和8年度, FY2026."""
    return f"FY{fiscal_year}" if is_english() else f"令和{fiscal_year - REIWA_START}年度"


def month_words(day: date) -> str:
    """令和8年10月, October 2026."""
    return (
        date_format(day, "F Y") if is_english() else f"令和{day.year - REIWA_START}年{day.month}月"
    )


def period_words(period: Period) -> str:
    """令和8年10月分, 令和8年度 第3四半期, 令和8年度 上期, 令和8年度: the period as an office calls
    it.
    """
    quarter = (period.first.month - 4) % 12 // 3 + 1
    year = year_words(period.fiscal_year)
    if period.cadence == Period.MONTH:
        return pgettext("レビューの期間", "%(month)s分") % {"month": month_words(period.first)}
    if period.cadence == Period.QUARTER:
        return pgettext("レビューの期間", "%(year)s 第%(quarter)s四半期") % {
            "year": year,
            "quarter": quarter,
        }
    if period.cadence == Period.YEAR:
        return year
    words = (
        pgettext("レビューの期間", "%(year)s 上期")
        if quarter == 1
        else pgettext("レビューの期間", "%(year)s 下期")
    )
    return words % {"year": year}


def review_title(review: Review) -> str:
    """月次レビュー 令和8年10月分."""
    return _("%(cadence)sレビュー %(period)s") % {
        "cadence": review.get_cadence_display(),
        "period": period_words(review.period),
    }


def short_period(period: Period) -> str:
    """10月, 10–12月, 令和8年度: the head of a column of figures."""
    if period.cadence == Period.YEAR:
        return year_words(period.fiscal_year)
    first, last = period.first, period.last
    if is_english():
        names = [date_format(first, "M"), date_format(last, "M")]
        return names[0] if period.cadence == Period.MONTH else "–".join(names)
    return f"{first.month}月" if period.cadence == Period.MONTH else f"{first.month}–{last.month}月"


def number_words(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """1,240 or −3.5, with +/± when signed: thousands with a comma, a true minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    nothing = float(text.replace(",", "")) == 0
    sign = (
        ""
        if nothing and not signed
        else "±"
        if nothing
        else "−"
        if value < 0
        else "+"
        if signed
        else ""
    )
    return sign + text


def figure_words(figure: Figure | None, indicator: Indicator) -> str:
    """38.4%, 214.5人日; 「未提出」 where nobody handed in, 「—」 where there is nothing to
    measure.
    """
    if figure is None:
        return NOTHING
    if figure.value is None:
        return (
            pgettext("指標", "未提出") if figure.numerator is None and figure.missing else NOTHING
        )
    return number_words(figure.value, indicator.decimals) + unit_words(indicator)


def unit_words(indicator: Indicator) -> str:
    """The unit as it follows a number: with a space before a word of English letters."""
    unit = indicator.shown_unit
    return f" {unit}" if unit[:1].isalpha() and is_english() else unit


def base_words(figure: Figure | None, indicator: Indicator) -> str:
    """56 / 146 for a rate; otherwise a dash."""
    if (
        figure is None
        or not figure.is_rate
        or figure.numerator is None
        or figure.denominator is None
    ):
        return NOTHING
    return f"{number_words(figure.numerator)} / {number_words(figure.denominator)}"


def change_words(figure: Figure | None, previous: Figure | None, indicator: Indicator) -> str:
    """+4.2 or −1: the difference to the period before, in the unit of the indicator."""
    if figure is None or previous is None or figure.value is None or previous.value is None:
        return NOTHING
    return number_words(round(figure.value - previous.value, 6), indicator.decimals, signed=True)
