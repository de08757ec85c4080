"""Who teleworked, by department, in the last month: with small cells hidden where persons must not
be seen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from dashboard.overview.scope import Scope
from municipality.core.figures import Figure
from municipality.core.small_cells import Suppression, secret_order, suppress
from pilots.days.indicators import of_eligible
from pilots.days.models import Submission
from pilots.days.month_usage import MonthUsage
from pilots.days.queries import MonthToHandIn, months_to_hand_in

MOST_ROWS = 50

NOTHING_HIDDEN = Suppression(frozenset(), total=False)

ALL_HIDDEN = Suppression(frozenset(), total=True)


@dataclass(frozen=True)
class UsageRow:
    """One department: 対象職員 with a record, all of them, and whether both are hidden or
    not handed in.
    """

    name: str
    address: str
    takers: int
    eligible: int
    hidden: bool
    missing: bool
    hand_in: MonthToHandIn | None = None

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


def read_usage(
    scope: Scope, usage: MonthUsage, label: str, frozen: Figure | None, *, hidden: bool
) -> UsageBreakdown:
    """The begun departments, in the order of the tree. The total is hidden when a part would show
    through.

    `frozen` is the figure beside it: where that differs from the records of today, and persons must
    not be seen, everything is hidden, since the difference is made of few people; so it is where
    that figure is `hidden`.
    """
    takers, eligible = _counts(scope, usage)
    listed = [row for row in scope.departments if eligible[row.pk]]
    parts = [(takers[row.pk], eligible[row.pk] - takers[row.pk]) for row in listed]
    present = of_eligible(usage)
    moved = frozen is not None and (frozen.numerator, frozen.denominator) != (
        present.numerator,
        present.denominator,
    )
    cut = ALL_HIDDEN if scope.least and (moved or hidden) else _suppressed(scope, parts)
    asked = _months_asked(scope) if usage.missing else {}
    rows = [
        UsageRow(
            name=row.name,
            address=reverse("municipality:department", args=[scope.code, row.pk]),
            takers=takers[row.pk],
            eligible=eligible[row.pk],
            hidden=place in cut.hidden or cut.total,
            missing=usage.states.get(row.pk) == Submission.MISSING,
            hand_in=asked.get(row.pk),
        )
        for place, row in enumerate(listed)
    ]
    total = UsageRow(
        label,
        "",
        takers.total(),
        eligible.total(),
        hidden=cut.total,
        missing=not usage.is_reported,
    )
    return UsageBreakdown(rows[:MOST_ROWS], total, max(0, len(rows) - MOST_ROWS))


def _months_asked(scope: Scope) -> dict[int, MonthToHandIn]:
    """By department, the missing month about which the reader may do something. One query."""
    months = months_to_hand_in(scope.member, scope.month.first, scope.month.last)
    return {row.department: row for row in months}


def _counts(scope: Scope, usage: MonthUsage) -> tuple[Counter[int], Counter[int]]:
    """対象職員 with a record and all of them, by the department that hands in for them: where that
    lies above what is in sight, by the topmost department in sight.
    """
    known = {row.pk for row in scope.departments}
    top = scope.departments[0].pk if scope.departments else 0
    places = {
        member: number if number in known else top for member, number in usage.eligible.items()
    }
    takers = Counter(place for member, place in places.items() if member in usage.doers)
    return takers, Counter(places.values())


def _suppressed(scope: Scope, parts: list[tuple[int, int]]) -> Suppression:
    if not scope.least:
        return NOTHING_HIDDEN
    context = f"{scope.code}:{scope.month.key}"
    return suppress(parts, scope.least, secret_order(len(parts), context))
