"""Who teleworked in a month, by department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from municipality.core.small_cells import Gate, Suppression
from municipality.organisation.models import Department
from pilots.days.models import Submission
from pilots.days.month_usage import MonthUsage
from pilots.days.rules import USAGE_CODES


@dataclass(frozen=True)
class Breakdown:
    """対象職員 with a record and all of them by department, for the departments that have any, in the
    order of the tree.
    """

    usage: MonthUsage
    listed: list[Department]
    takers: Counter[int]
    eligible: Counter[int]

    def of(self, numbers: Collection[int]) -> tuple[int, int]:
        """対象職員 with a record in these departments, and those without."""
        takers = sum(self.takers[number] for number in numbers)
        return takers, sum(self.eligible[number] for number in numbers) - takers

    def cut(self, gate: Gate, missing: Collection[int] = ()) -> Suppression:
        """Numbers of the departments that are hidden; the same wherever this month is told. Of one
        that did not hand in or declared 実績なし is told that it has no record; so it was of those
        that were `missing` when the month was told.
        """
        takers = {row.pk: 0 if row.pk in missing else self.takers[row.pk] for row in self.listed}
        parts = {number: (count, self.eligible[number] - count) for number, count in takers.items()}
        body = self.listed[0].municipality_id if self.listed else ""
        zeros = {
            row.pk
            for row in self.listed
            if row.pk in missing
            or self.usage.states.get(row.pk) in (Submission.MISSING, Submission.NONE)
        }
        return gate.parts(parts, f"{body}:usage", zeros=zeros)


def by_department(usage: MonthUsage) -> Breakdown:
    """The month by the department that hands in for each person: where that lies above what is in
    sight, by the topmost department in sight.
    """
    return _breakdown(usage, usage.eligible, usage.doers)


def hidden_by_parts(
    usage: MonthUsage,
    gate: Gate,
    missing: Collection[int] = (),
    earlier: Iterable[Collection[int]] = (),
) -> frozenset[str]:
    """Codes of the month's figures that tell of a department whose own number is
    hidden: where all others handed in nothing or declared 実績なし, the figure is that one's. By the
    same rule as the total of the breakdown; `missing` as there.

    `earlier` are the departments that were missing each time the month was told before: beside such
    a telling this one tells of those that handed in since.
    """
    if gate.is_open:
        return frozenset()
    counted = by_department(usage)
    since = ({*then} - {*missing} for then in earlier)
    if counted.cut(gate, missing).total or any(gate.hides(counted.of(late)) for late in since):
        return USAGE_CODES
    participants = _breakdown(usage, usage.participants, usage.participants_with_records)
    return frozenset({"K35"}) if participants.cut(gate, missing).total else frozenset()


def _breakdown(usage: MonthUsage, people: dict[int, int], doers: set[int]) -> Breakdown:
    departments = usage.departments
    known = {row.pk for row in departments}
    top = departments[0].pk if departments else 0
    places = {member: number if number in known else top for member, number in people.items()}
    takers = Counter(place for member, place in places.items() if member in doers)
    counted = Counter(places.values())
    return Breakdown(usage, [row for row in departments if counted[row.pk]], takers, counted)
