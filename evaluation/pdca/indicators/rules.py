"""Hiding figures that count few people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from municipality.core.periods import Period
from municipality.core.small_cells import groups
from pilots.days.rules import USAGE_CODES, hidden_usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from municipality.core.figures import Figure
    from municipality.core.small_cells import Gate

HOLDING = frozenset({"K27"})
"""Codes of which a longer period holds the people of a shorter one that ends before it."""


def hidden_codes(
    figures: Mapping[str, Figure], gate: Gate, period: Period | None = None
) -> frozenset[str]:
    """Codes of the figures of one period (a month unless given), all of which count people, that
    must be hidden from a reader with this gate.
    """
    rest = {
        code
        for code, figure in figures.items()
        if code not in USAGE_CODES and gate.hides(groups(figure))
    }
    return hidden_usage(figures, gate, period) | rest


def tell_apart(
    gate: Gate, code: str, longer: tuple[Period, Figure], shorter: tuple[Period, Figure]
) -> bool:
    """Does a figure of a period, beside that of a shorter period inside it, tell of few people?

    What is kept month by month must be the same months, since the difference is made of records
    that came in between. What is counted at the end of a period must agree where both end on one
    day; between two days people come and go, and the difference is no group.
    """
    (whole, one), (part, other) = longer, shorter
    if one.numerator is None or other.numerator is None:
        return False
    if one.people is None:
        at_once = whole.last == part.last or code in HOLDING
        return at_once and gate.differ_by_few(groups(one), groups(other))
    place, months = _months_between(whole.first, part.first), Period.MONTHS[part.cadence]
    if code == "K01":
        return months == 1 and gate.differ_by_few(
            one.people[place : place + 1], [round(other.numerator)]
        )
    return gate.differ_by_few(one.people[2 * place : 2 * (place + months)], groups(other))


def _months_between(first: date, other: date) -> int:
    return (other.year - first.year) * 12 + other.month - first.month
