"""Periods, reviews and figures in words, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from municipality.periods import REIWA_START, Figure, Period

if TYPE_CHECKING:
    from .models import Indicator, Review

NOTHING = "—"


def period_words(period: Period) -> str:
    """令和8年10月分, 令和8年度 第3四半期, 令和8年度 上期, 令和8年度: the period as an office calls it."""
    year = period.fiscal_year
    facts = {
        "reiwa": period.first.year - REIWA_START, "year": period.first.year, "month": period.first.month,
        "name": date_format(period.first, "M"), "fy_reiwa": year - REIWA_START, "fy": year,
        "quarter": (period.first.month - 4) % 12 // 3 + 1,
    }  # fmt: skip
    if period.cadence == Period.MONTH:
        return pgettext("レビューの期間", "令和%(reiwa)s年%(month)s月分") % facts
    if period.cadence == Period.QUARTER:
        return pgettext("レビューの期間", "令和%(fy_reiwa)s年度 第%(quarter)s四半期") % facts
    if period.cadence == Period.YEAR:
        return pgettext("レビューの期間", "令和%(fy_reiwa)s年度") % facts
    if facts["quarter"] == 1:
        return pgettext("レビューの期間", "令和%(fy_reiwa)s年度 上期") % facts
    return pgettext("レビューの期間", "令和%(fy_reiwa)s年度 下期") % facts


def review_title(review: Review) -> str:
    """月次レビュー 令和8年10月分."""
    return _("%(cadence)sレビュー %(period)s") % {
        "cadence": review.get_cadence_display(),
        "period": period_words(review.period),
    }


def short_period(period: Period) -> str:
    """10月, 10–12月, 令和8年度: the head of a column of figures."""
    facts = {"month": period.first.month, "last": period.last.month, "name": date_format(period.first, "M")}
    facts["last_name"] = date_format(period.last, "M")
    if period.cadence == Period.MONTH:
        return pgettext("数値の列", "%(month)s月") % facts
    if period.cadence == Period.YEAR:
        return period_words(period)
    return pgettext("数値の列", "%(month)s–%(last)s月") % facts


def number_words(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """1,240 or −3.5, with +/± when signed: thousands with a comma, a true minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    nothing = float(text.replace(",", "")) == 0
    sign = "" if nothing and not signed else "±" if nothing else "−" if value < 0 else "+" if signed else ""
    return sign + text


def figure_words(figure: Figure | None, indicator: Indicator) -> str:
    """38.4%, 214.5人日; 「未提出」 where nobody handed in, 「—」 where there is nothing to measure."""
    if figure is None:
        return NOTHING
    if figure.value is None:
        return pgettext("指標", "未提出") if figure.numerator is None and figure.missing else NOTHING
    return number_words(figure.value, indicator.decimals) + unit_words(indicator)


def unit_words(indicator: Indicator) -> str:
    """The unit as it follows a number: with a space before a word of English letters."""
    unit = indicator.shown_unit
    return f" {unit}" if unit[:1].isalpha() and (get_language() or "ja").startswith("en") else unit


def base_words(figure: Figure | None, indicator: Indicator) -> str:
    """56 / 146 for a rate; otherwise a dash."""
    if figure is None or not figure.is_rate or figure.numerator is None or figure.denominator is None:
        return NOTHING
    return f"{number_words(figure.numerator)} / {number_words(figure.denominator)}"


def change_words(figure: Figure | None, previous: Figure | None, indicator: Indicator) -> str:
    """+4.2 or −1: the difference to the period before, in the unit of the indicator."""
    if figure is None or previous is None or figure.value is None or previous.value is None:
        return NOTHING
    return number_words(round(figure.value - previous.value, 6), indicator.decimals, signed=True)
