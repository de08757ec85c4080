"""A small solver: what a reader can work out about groups of people from sums of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from math import ceil, floor, inf

Group = Hashable
Row = tuple[dict[Group, Fraction], Fraction]
"""Coefficients of groups, and what they add up to."""


MORE = "more than the limit"


class Equations:
    """Sums of numbers of people, none of which is negative."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.limits: list[Row] = []

    def add(self, terms: Mapping[Group, int], total: int = 0) -> None:
        """So many times each group make the total."""
        row = {group: Fraction(count) for group, count in terms.items() if count}
        self.rows.append((row, Fraction(total)))

    def at_least(self, terms: Mapping[Group, int], total: int = 0) -> None:
        """So many times each group make the total or more: what a rounded share tells."""
        row = {group: Fraction(count) for group, count in terms.items() if count}
        row[MORE, len(self.limits)] = Fraction(-1)
        self.limits.append((row, Fraction(total)))

    def same(self, one: Iterable[Group], other: Iterable[Group]) -> None:
        """Two ways of adding up the same people."""
        terms: dict[Group, int] = {}
        for sign, groups in ((1, one), (-1, other)):
            for group in groups:
                terms[group] = terms.get(group, 0) + sign
        self.add(terms)

    def bounds(self) -> dict[Group, tuple[float, float]]:
        """The smallest and the largest number that each group can have."""
        return _narrowed([*self.rows, *self.limits, *_reduced(self.rows)])

    def found(self, least: int) -> dict[Group, tuple[float, float]]:
        """Groups of which the reader knows that they are of 1 to least − 1 people."""
        return {
            group: (low, high)
            for group, (low, high) in self.bounds().items()
            if low >= 1 and high < least and not (isinstance(group, tuple) and group[0] == MORE)
        }


def _reduced(rows: list[Row]) -> list[Row]:
    """The equations in reduced form (Gauss and Jordan): every combination that leaves one group
    alone is among them.
    """
    done: list[tuple[Group, Row]] = []
    for terms, total in rows:
        row = (dict(terms), total)
        for pivot, known in done:
            row = _without(row, pivot, known)
        if not row[0]:
            continue
        pivot = next(iter(row[0]))
        factor = row[0][pivot]
        row = ({group: value / factor for group, value in row[0].items()}, row[1] / factor)
        done = [(other, _without(known, pivot, row)) for other, known in done]
        done.append((pivot, row))
    return [row for _pivot, row in done]


def _without(row: Row, pivot: Group, known: Row) -> Row:
    factor = row[0].get(pivot)
    if not factor:
        return row
    terms = dict(row[0])
    for group, value in known[0].items():
        left = terms.get(group, Fraction(0)) - factor * value
        if left:
            terms[group] = left
        else:
            terms.pop(group, None)
    return terms, row[1] - factor * known[1]


def _narrowed(rows: list[Row], most: int = 40) -> dict[Group, tuple[float, float]]:
    """Bounds of every group, narrowed by each equation until none of them narrows further."""
    bounds: dict[Group, tuple[float, float]] = {
        group: (0, inf) for terms, _total in rows for group in terms
    }
    for _turn in range(most):
        before = dict(bounds)
        for terms, total in rows:
            _narrow(bounds, terms, total)
        if bounds == before:
            break
    return bounds


def _narrow(
    bounds: dict[Group, tuple[float, float]], terms: dict[Group, Fraction], total: Fraction
) -> None:
    lows, highs = {}, {}
    for group, value in terms.items():
        ends = [float(value) * end if end else 0.0 for end in bounds[group]]
        lows[group], highs[group] = min(ends), max(ends)
    for group, value in terms.items():
        rest = [_less(total, highs, group), _less(total, lows, group)]
        ends = sorted(end / float(value) for end in rest)
        was = bounds[group]
        bounds[group] = (
            max(was[0], ceil(ends[0] - 1e-6) if ends[0] > -inf else 0),
            min(was[1], floor(ends[1] + 1e-6) if ends[1] < inf else inf),
        )


def _less(total: Fraction, ends: dict[Group, float], group: Group) -> float:
    """The total less the ends of all other groups."""
    return float(total) - sum(end for other, end in ends.items() if other != group)
