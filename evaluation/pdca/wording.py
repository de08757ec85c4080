"""Reviews and figures in words, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from municipality.core.date_words import NOTHING, period_words
from municipality.core.figures import (
    COUNTED,
    DEFINITION,
    INCOMPLETE,
    POPULATION,
    Figure,
    members_of,
    not_comparable,
    number_words,
    other_base,
    shown_step,
    why_not_comparable,
)
from municipality.core.name_lists import some_names
from municipality.core.periods import Period
from municipality.core.worded import said, spaced_unit, strung

if TYPE_CHECKING:
    from evaluation.pdca.indicators.models import Indicator
    from evaluation.pdca.reviews.models import Review


MONTHS = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:–(\d{4}-(?:0[1-9]|1[0-2])))?")
"""One month, or the first and the last of several."""


def review_title(review: Review) -> str:
    """月次レビュー 令和8年10月分."""
    return said(
        _("%(cadence)sレビュー %(period)s"),
        cadence=said(type(review).Cadence(review.cadence).label),
        period=period_words(review.period),
    )


def span_of_months(months: str) -> str:
    """令和8年10月分 from 2026-10, 令和8年度 第3四半期 from 2026-10–2026-12: the period of a review, as
    its deadline keeps it. What is no such span stays as it is.
    """
    span = MONTHS.fullmatch(months)
    if span is None:
        return months
    first = date.fromisoformat(f"{span[1]}-01")
    last = date.fromisoformat(f"{span[2] or span[1]}-01")
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    cadence = next((cadence for cadence, n in Period.MONTHS.items() if n == length), "")
    return period_words(Period.holding(cadence, first)) if cadence else months


def figure_words(figure: Figure | None, indicator: Indicator) -> str:
    """Figure such as 38.4% or 214.5人日; 「未提出」 when nobody handed in, 「—」 when there is nothing to
    measure.
    """
    if figure is None:
        return NOTHING
    if figure.value is None:
        nobody = figure.numerator is None and figure.missing
        return said(pgettext_lazy("指標", "未提出")) if nobody else NOTHING
    return strung("", number_words(figure.value, indicator.decimals), unit_words(indicator))


def unit_words(indicator: Indicator) -> str:
    """The indicator's unit as it follows a number."""
    return spaced_unit(indicator.shown_unit)


def base_words(figure: Figure | None, indicator: Indicator) -> str:
    """Fraction such as 56 / 146 for a rate; otherwise a dash."""
    if (
        figure is None
        or not figure.is_rate
        or figure.numerator is None
        or figure.denominator is None
    ):
        return NOTHING
    return f"{number_words(figure.numerator)} / {number_words(figure.denominator)}"


def previous_words(previous: Figure | None, figure: Figure, indicator: Indicator) -> str:
    """Figure of the period before, with its fraction where the two stand over different
    denominators: 78.6% (11 / 14).
    """
    words = figure_words(previous, indicator)
    differs = previous is not None and other_base(figure, previous)
    return with_base(words, base_words(previous, indicator)) if differs else words


def with_base(words: str, base: str) -> str:
    """A value with its fraction, where it has one: 78.6% (11 / 14)."""
    return strung(" ", words, f"({base})") if base not in ("", NOTHING) else words


def none_missing_words(present: Figure, frozen: Figure) -> str:
    """未提出なし: whoever was missing at the closing has handed in since, or declared 実績なし."""
    return said(_("未提出なし")) if frozen.missing and not present.missing else ""


def joined_words(*words: str) -> str:
    """What is said of a figure, one after the other; what is empty is left out."""
    return strung(pgettext_lazy("並び", "、"), *filter(None, words))


@dataclass(frozen=True)
class KnownNames:
    """Names of departments and pilots that a reader sees, by number."""

    departments: Mapping[int, str] = field(default_factory=dict)
    pilots: Mapping[int, str] = field(default_factory=dict)


def missing_words(figure: Figure | None, names: Mapping[int, str]) -> str:
    """未提出: 総務課; the number of departments where the reader may not know which, or where old
    figures do not say.
    """
    if figure is None or not figure.missing:
        return ""
    known = [names[number] for number in figure.missing if number in names]
    if len(known) < len(figure.missing):
        count = len(figure.missing)
        return said(ngettext_lazy("未提出 %(n)s部署", "未提出 %(n)s部署", count), n=count)
    return said(_("未提出: %(names)s"), names=some_names(known, counted="departments"))


COUNTED_IN_MONTH = {"K06": "takers", "K07": "departments", "K26": "pairs"}
"""What the denominator of a code counts in a month, where that is not people."""

COUNTED_LONGER = {
    "K02": "people_months",
    "K03": "people_months",
    "K06": "months",
    "K26": "months",
    "K35": "people_months",
}
"""What it counts in a longer period, where that is something else."""


def counted_by(code: str, cadence: str) -> str:
    """What the denominator of a code counts in a period of this cadence."""
    longer = {} if cadence == Period.MONTH else COUNTED_LONGER
    return {**COUNTED_IN_MONTH, **longer}.get(code, "people")


def mark_words(
    figure: Figure | None, previous: Figure | None, counted: str, names: KnownNames
) -> str:
    """Why the figure must not be compared with the one before; empty when it may, and where there
    is none. It can tell both denominators (`counted` says of what), so that it is for who may be
    told both figures.
    """
    if figure is None or previous is None or previous.value is None:
        return ""
    words = {
        DEFINITION: lambda: said(_("定義の版が変わりました")),
        POPULATION: lambda: _population_words(previous.population, figure.population, names),
        INCOMPLETE: lambda: said(_("未提出の部署があるため比べられません")),
        COUNTED: lambda: _counted_words(previous, figure, counted),
    }
    return joined_words(*(words[reason]() for reason in why_not_comparable(figure, previous)))


def _population_words(before: str, now: str, names: KnownNames) -> str:
    kind, was = before.split(":")[:2]
    values = {"was": was, "now": now.split(":")[1]}
    if values["was"] == values["now"]:
        return _exchange_words(kind, members_of(before), members_of(now), names)
    if kind == "pilots":
        return said(_("対象が変わりました: 試行 %(was)s→%(now)s"), **values)
    return said(_("対象が変わりました: 部署 %(was)s→%(now)s"), **values)


def _exchange_words(
    kind: str, before: frozenset[int], now: frozenset[int], names: KnownNames
) -> str:
    """Which came and which left of a set as large as before; that they did, where the reader may
    not know which, or where old figures do not say.
    """
    known = names.pilots if kind == "pilots" else names.departments
    came, left = sorted(now - before), sorted(before - now)
    if before and now and known.keys() >= {*came, *left}:
        values = {
            "came": some_names([known[number] for number in came]),
            "left": some_names([known[number] for number in left]),
        }
        return said(_("対象が変わりました: %(came)sが加わり、%(left)sが外れました"), **values)
    if kind == "pilots":
        return said(_("対象の試行が入れ替わりました"))
    return said(_("対象の部署が入れ替わりました"))


def _counted_words(before: Figure, now: Figure, counted: str) -> str:
    """対象が14人から13人に変わりました: whom the denominator counts, before and now."""
    values = {
        "was": number_words(before.denominator or 0),
        "now": number_words(now.denominator or 0),
    }
    words = {
        "people": _("対象が%(was)s人から%(now)s人に変わりました"),
        "people_months": _("対象が延べ%(was)s人から延べ%(now)s人に変わりました"),
        "takers": _("実施者が%(was)s人から%(now)s人に変わりました"),
        "pairs": _("対象が%(was)s組から%(now)s組に変わりました"),
        "departments": _("対象が%(was)s部署から%(now)s部署に変わりました"),
        "months": _("値のある月が%(was)sか月から%(now)sか月に変わりました"),
    }
    return said(words[counted], **values)


def shown_change(
    figure: Figure | None, previous: Figure | None, indicator: Indicator
) -> Decimal | None:
    """Difference to the period before, as both are shown; None where they may not be compared."""
    if figure is None or previous is None or figure.value is None or previous.value is None:
        return None
    if not_comparable(figure, previous):
        return None
    return shown_step(figure.value, previous.value, indicator.decimals)


def change_words(figure: Figure | None, previous: Figure | None, indicator: Indicator) -> str:
    """Difference to the period before such as +4.2 or −1, in the unit of the indicator."""
    change = shown_change(figure, previous, indicator)
    return NOTHING if change is None else number_words(change, indicator.decimals, signed=True)
