"""Who teleworked in a month, by department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from municipality.core.small_cells import Gate, Suppression
from municipality.organisation.models import Department
from pilots.days.models import Submission
from pilots.days.month_usage import MonthUsage


@dataclass(frozen=True)
class Breakdown:
    """対象職員 with a record and all of them by department, for the departments that have any, in the
    order of the tree.
    """

    usage: MonthUsage
    listed: list[Department]
    takers: Counter[int]
    eligible: Counter[int]

    def cut(self, gate: Gate) -> Suppression:
        """Numbers of the departments that are hidden; the same wherever this month is told. Of one
        that did not hand in or declared 実績なし is told that it has no record.
        """
        parts = {
            row.pk: (self.takers[row.pk], self.eligible[row.pk] - self.takers[row.pk])
            for row in self.listed
        }
        body = self.listed[0].municipality_id if self.listed else ""
        zeros = {
            row.pk
            for row in self.listed
            if self.usage.states.get(row.pk) in (Submission.MISSING, Submission.NONE)
        }
        return gate.parts(parts, f"{body}:usage", zeros=zeros)


def by_department(usage: MonthUsage, departments: Sequence[Department]) -> Breakdown:
    """The month by the department that hands in for each person: where that lies above what is in
    sight, by the topmost department in sight.
    """
    known = {row.pk for row in departments}
    top = departments[0].pk if departments else 0
    places = {
        member: number if number in known else top for member, number in usage.eligible.items()
    }
    takers = Counter(place for member, place in places.items() if member in usage.doers)
    eligible = Counter(places.values())
    return Breakdown(usage, [row for row in departments if eligible[row.pk]], takers, eligible)
