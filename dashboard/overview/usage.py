"""Who teleworked, by department, in the last month: with small cells hidden where persons must not
be seen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from dashboard.overview.scope import Scope
from municipality.core.periods import Figure
from municipality.core.small_cells import Suppression, secret_order, suppress
from pilots.days.indicators import Tally

MOST_ROWS = 50

NOTHING_HIDDEN = Suppression(frozenset(), total=False)

ALL_HIDDEN = Suppression(frozenset(), total=True)


@dataclass(frozen=True)
class UsageRow:
    """One department: participants with a record, all participants, and whether both are hidden or
    not handed in.
    """

    name: str
    address: str
    takers: int
    eligible: int
    hidden: bool
    missing: bool

    @property
    def rate(self) -> float | None:
        """The share in percent."""
        return self.takers / self.eligible * 100 if self.eligible and not self.missing else None


@dataclass(frozen=True)
class UsageBreakdown:
    """The breakdown with its total; `more` departments are not listed in a large body."""

    rows: list[UsageRow]
    total: UsageRow
    more: int

    @property
    def hides(self) -> bool:
        """Is anything hidden?"""
        return any(row.hidden for row in self.rows)


def read_usage(scope: Scope, tally: Tally, label: str, frozen: Figure | None) -> UsageBreakdown:
    """The departments with participants, in the order of the tree. The total is hidden when a part
    would show through.

    `frozen` is the figure beside it: where that differs from the records of today, and persons must
    not be seen, everything is hidden, since the difference is made of few people.
    """
    takers, eligible = _counts(tally)
    listed = [row for row in scope.departments if eligible[row.pk]]
    parts = [(takers[row.pk], eligible[row.pk] - takers[row.pk]) for row in listed]
    moved = frozen is not None and (frozen.numerator, frozen.denominator) != (
        tally.takers,
        tally.eligible,
    )
    cut = ALL_HIDDEN if scope.least and moved else _suppressed(scope, parts)
    rows = [
        UsageRow(
            name=row.name,
            address=reverse("municipality:department", args=[scope.code, row.pk]),
            takers=takers[row.pk],
            eligible=eligible[row.pk],
            hidden=place in cut.hidden or cut.total,
            missing=row.pk not in tally.reported,
        )
        for place, row in enumerate(listed)
    ]
    total = UsageRow(
        label, "", takers.total(), eligible.total(), hidden=cut.total, missing=not tally.done
    )
    return UsageBreakdown(rows[:MOST_ROWS], total, max(0, len(rows) - MOST_ROWS))


def _counts(tally: Tally) -> tuple[Counter[int], Counter[int]]:
    """Participants with a record and all participants, by the department they take part from."""
    doers = {member for member, _department in tally.done}
    takers = Counter(department for member, department in tally.expected.items() if member in doers)
    return takers, Counter(tally.expected.values())


def _suppressed(scope: Scope, parts: list[tuple[int, int]]) -> Suppression:
    if not scope.least:
        return NOTHING_HIDDEN
    context = f"{scope.code}:{scope.month.key}"
    return suppress(parts, scope.least, secret_order(len(parts), context))
