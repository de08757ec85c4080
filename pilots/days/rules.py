"""Hiding figures of usage that count few people, and who declares 実績なし."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.core.small_cells import groups, is_hidden, is_small
from pilots.days.models import clerk_of

if TYPE_CHECKING:
    from municipality.core.periods import Figure
    from municipality.organisation.models import Department, Member
    from pilots.days.models import UsageMonth

USAGE_CODES = frozenset({"K01", "K02", "K03", "K04", "K06"})
"""Figures that follow from the number of people who teleworked: one of them gives the others
away.
"""


def hidden_usage(figures: Mapping[str, Figure], least: int) -> frozenset[str]:
    """Codes of the usage figures of one period that must be hidden when fewer than `least` people
    may not be told of (0 hides nothing).

    K01, K02 and K03 count people; when one of them is small, all go. People who teleworked outside
    the pilots are K01 less the numerator of K03: when they are few, what tells of K01 goes.
    """
    counts = [count for code in ("K01", "K02", "K03") for count in groups(figures.get(code))]
    if is_hidden(counts, least):
        return USAGE_CODES
    return frozenset({"K01", "K02", "K06"} if is_small(_outside(figures), least) else ())


def _outside(figures: Mapping[str, Figure]) -> int:
    doers = figures.get("K02") or figures.get("K01")
    takers = figures.get("K03")
    if doers is None or takers is None:
        return 0
    return round((doers.numerator or 0) - (takers.numerator or 0))


NOT_DECLARE = Refusal(_("実績なしを申告できるのは、部署の所属長と庶務担当だけです。"))


def may_declare(member: Member, department: Department) -> Answer:
    """The manager of the department (or of one above it), or its 庶務担当."""
    if member.authority.has("manager", department.path):
        return True
    if clerk_of(member).filter(department=department).exists():
        return True
    return NOT_DECLARE


def may_declare_month(member: Member, row: UsageMonth) -> Answer:
    """Who may declare 実績なし for the department of the month."""
    return may_declare(member, row.department)
