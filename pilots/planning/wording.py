"""Figures, periods and criteria in words, in the active language. What is frozen of them is what
they are made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from municipality.core.date_words import NOTHING
from municipality.core.figures import half_up, number_words
from municipality.core.name_lists import some_names
from municipality.core.worded import said, strung

NAMED = 5

PERSONS = pgettext_lazy("単位", "人")


def several(names: list[str]) -> str:
    """The first few of these people, and the number of further ones."""
    return some_names(names, NAMED, counted="people")


MET_TONES = {True: "ok", False: "bad", None: "warn"}
"""How a verdict is coloured: met, not met, not to be judged."""


def limit_words(days_per_week: int, half_days: bool) -> str:
    """Frequency: 1人週2日、半日単位も可."""
    limit = said(_("1人週%(n)s日まで"), n=days_per_week)
    return said(
        _("%(limit)s、半日単位も可") if half_days else _("%(limit)s、終日のみ"), limit=limit
    )


def yen(amount: int) -> str:
    """1,848,000円."""
    return said(_("%(amount)s円"), amount=f"{amount:,}")


def cost_words(initial: int, monthly: int, total: int) -> str:
    """Initial cost, monthly cost, and total over the period."""
    return said(
        _("初期 %(initial)s、月額 %(monthly)s(期間の合計 %(total)s)"),
        initial=yen(initial),
        monthly=yen(monthly),
        total=yen(total),
    )


def amount_words(value: Decimal | float | None, unit: Any) -> str:
    """34.2%, 1,272.0人日 or 23人: people are whole numbers, all else has a decimal, as in the
    catalogue of indicators. — for None.
    """
    if value is None:
        return NOTHING
    return strung("", number_words(value, 0 if str(unit) == str(PERSONS) else 1), unit)


def _plain(value: Decimal | float) -> str:
    """9.8 or 10: to a tenth, whole numbers without a decimal."""
    tenth = half_up(value)
    return f"{tenth:,.0f}" if tenth == tenth.to_integral_value() else f"{tenth:,}"


def threshold_words(threshold: Decimal, unit: Any, direction: str) -> str:
    """30%以上."""
    whole = threshold == threshold.to_integral_value()
    amount = strung("", f"{threshold:,.0f}" if whole else f"{threshold:,.1f}", unit)
    words = _("%(amount)s以下") if direction == "at_most" else _("%(amount)s以上")
    return said(words, amount=amount)


def share_words(
    numerator: float | Decimal | None, denominator: float | Decimal | None, unit: Any
) -> str:
    """50 / 146人 of a rate, 9.8 / 3人 of a mean; — where there is no denominator."""
    if numerator is None or not denominator:
        return NOTHING
    return strung("", f"{_plain(numerator)} / {_plain(denominator)}", unit)


def missing_words(count: int) -> str:
    """1部署が未提出."""
    return said(ngettext_lazy("%(n)s部署が未提出", "%(n)s部署が未提出", count), n=count)


def counted_words(
    numerator: float | Decimal | None,
    denominator: float | Decimal | None,
    missing: int,
    months: str = "",
) -> str:
    """Numerator over denominator, and which `months` were not handed in: 50 / 146人、未提出 総務課
    8月; where no month is named, the number of departments that did not hand in at all.
    """
    counted = share_words(numerator, denominator, pgettext_lazy("単位", "人"))
    absence = months or (missing_words(missing) if missing else "")
    if not absence:
        return counted
    return absence if counted == NOTHING else joined([counted, absence])


def met_words(met: bool | None) -> str:
    """達成, 未達 or 判定できません."""
    if met is None:
        return said(_("判定できません"))
    return said(pgettext_lazy("基準の判定", "達成") if met else pgettext_lazy("基準の判定", "未達"))


def joined(names: Iterable[str]) -> str:
    """税務課、子育て支援課."""
    return strung(pgettext_lazy("列挙", "、"), *names)
