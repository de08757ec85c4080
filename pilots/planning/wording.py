"""Figures, periods and criteria in words, in the active language. What is frozen for a decision is
worded in Japanese.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import NOTHING
from municipality.core.figures import half_up
from municipality.core.name_lists import some_names

NAMED = 5


def several(names: list[str]) -> str:
    """The first few of these people, and the number of further ones."""
    return some_names(names, NAMED, counted="people")


MET_TONES = {True: "ok", False: "bad", None: "warn"}
"""How a verdict is coloured: met, not met, not to be judged."""


def limit_words(days_per_week: int, half_days: bool) -> str:
    """Frequency: 1人週2日、半日単位も可."""
    limit = _("1人週%(n)s日まで") % {"n": days_per_week}
    return (
        _("%(limit)s、半日単位も可") % {"limit": limit}
        if half_days
        else _("%(limit)s、終日のみ") % {"limit": limit}
    )


def yen(amount: int) -> str:
    """1,848,000円."""
    return _("%(amount)s円") % {"amount": f"{amount:,}"}


def cost_words(initial: int, monthly: int, total: int) -> str:
    """Initial cost, monthly cost, and total over the period."""
    return _("初期 %(initial)s、月額 %(monthly)s(期間の合計 %(total)s)") % {
        "initial": yen(initial),
        "monthly": yen(monthly),
        "total": yen(total),
    }


def amount_words(value: Decimal | float | None, unit: str) -> str:
    """34.2% or 23人: whole numbers without a decimal. — for None."""
    if value is None:
        return NOTHING
    return f"{half_up(value):,}{unit}" if unit == "%" else f"{_plain(value)}{unit}"


def _plain(value: Decimal | float) -> str:
    """9.8 or 10: to a tenth, whole numbers without a decimal."""
    tenth = half_up(value)
    return f"{tenth:,.0f}" if tenth == tenth.to_integral_value() else f"{tenth:,}"


def threshold_words(threshold: Decimal, unit: str, direction: str) -> str:
    """30%以上."""
    whole = threshold == threshold.to_integral_value()
    amount = f"{threshold:,.0f}{unit}" if whole else f"{threshold:,.1f}{unit}"
    if direction == "at_most":
        return _("%(amount)s以下") % {"amount": amount}
    return _("%(amount)s以上") % {"amount": amount}


def share_words(
    numerator: float | Decimal | None, denominator: float | Decimal | None, unit: str
) -> str:
    """50 / 146人 of a rate, 9.8 / 3人 of a mean; — where there is no denominator."""
    if numerator is None or not denominator:
        return NOTHING
    return f"{_plain(numerator)} / {_plain(denominator)}{unit}"


def missing_words(count: int) -> str:
    """1部署が未提出."""
    return ngettext("%(n)s部署が未提出", "%(n)s部署が未提出", count) % {"n": count}


def counted_words(
    numerator: float | Decimal | None,
    denominator: float | Decimal | None,
    missing: int,
    months: str = "",
) -> str:
    """Numerator over denominator, the number of departments that did not hand in at all, and the
    `months` that were not handed in: 50 / 146人、1部署が未提出.
    """
    counted = share_words(numerator, denominator, pgettext("単位", "人"))
    absences = [missing_words(missing)] if missing else []
    absences += [months] if months else []
    return joined(absences if absences and counted == NOTHING else [counted, *absences])


def met_words(met: bool | None) -> str:
    """達成, 未達 or 判定できません."""
    if met is None:
        return _("判定できません")
    return pgettext("基準の判定", "達成") if met else pgettext("基準の判定", "未達")


def joined(names: Iterable[str]) -> str:
    """税務課、子育て支援課."""
    return pgettext("列挙", "、").join(names)
