"""Small cells: which parts of a breakdown must not be shown, so that no part can be found, by
subtraction either.

A part is a tuple of counts of different people (say: those who teleworked, those who did not). What
is published beside the parts is each column's total and every sum of columns. Whoever reads it may
know this rule as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from municipality.core.figures import Figure

MARK = "＊"
"""What stands for a hidden number on pages, in files and in figures."""


@dataclass(frozen=True)
class Suppression:
    """The positions of the parts that are hidden, and whether the totals have to be hidden as
    well.
    """

    hidden: frozenset[int]
    total: bool


def is_small(count: int, least: int) -> bool:
    """Could people be recognised behind the count? Nobody is behind a zero."""
    return 0 < count < least


def is_hidden(counts: Sequence[int], least: int) -> bool:
    """Must a figure over these groups of people be hidden when it stands alone?"""
    return any(is_small(count, least) for count in counts)


def groups(figure: Figure | None) -> list[int]:
    """The groups of people behind a figure that counts people: who is counted and, of a rate, who
    of its denominator is not.
    """
    return [] if figure is None else list(figure.groups)


def suppress(parts: Sequence[Sequence[int]], least: int, order: Sequence[int]) -> Suppression:
    """Hide what counts fewer than `least` people, and with it one further part, or as many as
    subtraction demands.

    The further parts are taken in an `order` of positions that the reader does not know
    (`secret_order`); an order by size would tell sizes. Hidden together are, in each column, either
    nobody or at least `least` people. Where even all parts together do not reach that, everything
    is hidden, the totals and the zeros too.
    """
    small = {place for place, part in enumerate(parts) if is_hidden(part, least)}
    rest = [place for place in order if place not in small]
    hidden = small | set(rest[:1]) if small else small
    for place in rest[1:]:
        if hidden and _gives_away(parts, hidden, least):
            hidden.add(place)
    return Suppression(frozenset(hidden), bool(hidden) and _gives_away(parts, hidden, least))


def _gives_away(parts: Sequence[Sequence[int]], hidden: set[int], least: int) -> bool:
    """Do the totals less the shown parts say too much about the hidden ones?"""
    sums = [sum(column) for column in zip(*(parts[place] for place in hidden), strict=True)]
    return len(hidden) < 2 or is_hidden(sums, least)


def secret_order(count: int, context: str) -> list[int]:
    """The positions 0 to count − 1 in an order that follows from the context and the installation's
    secret key.
    """
    keys = [
        salted_hmac("municipality.core.small_cells", f"{context}:{place}").hexdigest()
        for place in range(count)
    ]
    return sorted(range(count), key=keys.__getitem__)
