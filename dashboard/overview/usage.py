"""Who teleworked, by department, in the last month: with small cells hidden where persons must not
be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from dashboard.overview.scope import Scope
from municipality.core.figures import Figure, has_moved
from municipality.core.small_cells import ALL_HIDDEN
from pilots.days.breakdown import by_department
from pilots.days.indicators import of_eligible
from pilots.days.models import Submission
from pilots.days.month_usage import MonthUsage
from pilots.days.queries import MonthToHandIn, months_to_hand_in

MOST_ROWS = 50


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
    """The breakdown with its total; `more` departments are not listed in a large body, `missing` of
    all did not hand in.
    """

    rows: list[UsageRow]
    total: UsageRow
    more: int
    missing: int

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
    counted = by_department(usage)
    present = of_eligible(usage)
    moved = frozen is not None and has_moved(frozen, present)
    asked = _months_asked(scope) if usage.missing else {}
    cut = counted.cut(scope.gate)
    if not scope.gate.is_open and (moved or hidden):
        cut = ALL_HIDDEN
    rows = [
        UsageRow(
            name=row.name,
            address=reverse("municipality:department", args=[scope.code, row.pk]),
            takers=counted.takers[row.pk],
            eligible=counted.eligible[row.pk],
            hidden=row.pk in cut.hidden or cut.total,
            missing=usage.states.get(row.pk) == Submission.MISSING,
            hand_in=asked.get(row.pk),
        )
        for row in counted.listed
    ]
    total = UsageRow(
        label,
        "",
        counted.takers.total(),
        counted.eligible.total(),
        hidden=cut.total,
        missing=not usage.is_reported,
    )
    more, missing = max(0, len(rows) - MOST_ROWS), sum(row.missing for row in rows)
    return UsageBreakdown(rows[:MOST_ROWS], total, more, missing)


def _months_asked(scope: Scope) -> dict[int, MonthToHandIn]:
    """By department, the missing month about which the reader may do something. One query."""
    months = months_to_hand_in(scope.member, scope.month.first, scope.month.last)
    return {row.department: row for row in months}
