"""Which pilots are told without numbers to a reader of no small numbers.

A pilot is one part of several wholes: of all participants, of the 対象職員 of its departments, of what
an expansion froze of it. So it is decided for all pilots of the body at once, and the list, its
file, the page of a pilot and the evidence of an expansion follow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef

from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import Gate, groups
from municipality.organisation.models import Department, Municipality
from pilots.days.breakdown import Breakdown, by_department
from pilots.days.models import Usage
from pilots.days.month_usage import read_months
from pilots.participants.models import Participant
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Expansion, Pilot, PilotDepartment
from pilots.results.criteria_results import code_now
from pilots.results.models import PilotResult


@dataclass(frozen=True)
class PilotCount:
    """One pilot as it is counted: who takes or took part, who of them has a record, where, and
    from when to when.
    """

    pilot: Pilot
    taking_part: int
    takers: int
    paths: tuple[str, ...]

    @property
    def part(self) -> tuple[int, int]:
        """Its participants, apart as they are shown."""
        return self.takers, self.taking_part - self.takers

    @property
    def groups(self) -> tuple[int, ...]:
        """Everything that it tells of people."""
        return (self.taking_part, *self.part)

    def runs_in(self, month: Period) -> bool:
        """Do its days touch the month?"""
        return self.pilot.first_day <= month.last and self.pilot.end_day >= month.first


@dataclass(frozen=True)
class HiddenPilots:
    """The pilots of which no number is shown, and of those that are shown only as an
    expansion froze them, since few people came in between.
    """

    everywhere: frozenset[int] = field(default_factory=frozenset)
    of_today: frozenset[int] = field(default_factory=frozenset)

    def hides(self, pilot: Pilot, *, frozen: bool = False) -> bool:
        """Must its present numbers be hidden, or its `frozen` ones?"""
        return pilot.pk in self.everywhere or (pilot.pk in self.of_today and not frozen)


def hidden_pilots(body: Municipality, gate: Gate, today: date) -> HiddenPilots:
    """What is hidden of the body's pilots on a day. Nothing is read for who may be told everything,
    else thirteen queries, however many pilots there are.
    """
    if gate.is_open:
        return HiddenPilots()
    counts = pilot_counts(body, today)
    month = breakdown_of(body, today)
    hidden = {row.pilot.pk for row in counts if gate.hides(row.groups) or _leaves(row, month, gate)}
    evidence = _evidence(body)
    moved = {
        row.pilot.pk
        for row in counts
        if any(differs(gate, each, people_now(row)) for each in evidence[row.pilot.pk])
    }
    return HiddenPilots(frozenset(_with_partners(body, counts, hidden, gate)), frozenset(moved))


def pilot_counts(body: Municipality, today: date) -> list[PilotCount]:
    """Every pilot of the body with its numbers as of a day. Three queries."""
    records = Usage.objects.filter(
        member=OuterRef("member"), day__range=(OuterRef("since"), OuterRef("until")), day__lte=today
    )
    people: dict[int, set[int]] = defaultdict(set)
    takers: dict[int, set[int]] = defaultdict(set)
    rows = Participant.objects.of(body).counted(today).annotate(took=Exists(records))
    for pilot, member, took in rows.values_list("pilot", "member", "took"):
        people[pilot].add(member)
        if took:
            takers[pilot].add(member)
    paths: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for pilot, path in PilotDepartment.objects.of(body).values_list("pilot", F("department__path")):
        paths[pilot] += (path,)
    pilots = Pilot.objects.of(body).order_by("pk")
    return [
        PilotCount(row, len(people[row.pk]), len(takers[row.pk]), paths[row.pk]) for row in pilots
    ]


def breakdown_of(body: Municipality, today: date) -> Breakdown:
    """The last month by department, as 状況一覧 tells it. Seven queries."""
    departments = list(Department.objects.of(body).on(today).order_by("path"))
    month = Period.holding(Period.MONTH, today).previous
    return by_department(read_months(departments, month)[0], departments)


def _leaves(row: PilotCount, month: Breakdown, gate: Gate) -> bool:
    """Does the pilot, beside the departments of the last month, tell of few people: because one of
    its departments is hidden, or because few of their 対象職員 do not take part?
    """
    here = [
        department.pk
        for department in month.listed
        if any(department.path.startswith(path) for path in row.paths)
    ]
    if not row.taking_part or not here or not row.runs_in(month.usage.month):
        return False
    cut = month.cut(gate)
    if cut.total or cut.hidden & set(here):
        return True
    eligible = sum(month.eligible[department] for department in here)
    return gate.differ_by_few([eligible], [row.taking_part])


def _with_partners(
    body: Municipality, counts: list[PilotCount], hidden: set[int], gate: Gate
) -> set[int]:
    """The hidden pilots with the further ones that keep them from being found by subtraction, month
    by month; what one month adds can ask for more in another.
    """
    months = {
        month
        for row in counts
        for month in _months(row.pilot.first_day, row.pilot.end_day)
        if row.pilot.pk in hidden
    }
    before: set[int] = set()
    while hidden != before:
        before = set(hidden)
        for month in sorted(months):
            running = {row.pilot.pk: row.part for row in counts if row.runs_in(month)}
            if known := hidden & running.keys():
                hidden |= gate.parts(running, f"{body.pk}:pilots", known).hidden
    return hidden


def _months(first: date, last: date) -> list[Period]:
    month, months = Period.holding(Period.MONTH, first), []
    while month.first <= last:
        months.append(month)
        month = month.following
    return months


def people_in(evidence: dict[str, Any]) -> dict[str, list[int]]:
    """What frozen evidence tells of people: participants, and the groups of each criterion, by the
    codes of today. Days count no people.
    """
    people = evidence["pilot"]["participants"]
    values = {"taking_part": [people]}
    for row in evidence["criteria"]:
        code = code_now(row["code"])
        if PILOT_INDICATORS[code].counts_days or row["numerator"] is None:
            continue
        numerator, denominator = float(row["numerator"]), float(row["denominator"] or people)
        values[code] = groups(Figure(numerator, denominator, kind="rate"))
    return values


def people_now(row: PilotCount) -> dict[str, list[int]]:
    """What the page of the pilot tells of people, in the same words."""
    return {"taking_part": [row.taking_part], "K38": [*row.part], "K40": [*row.part]}


def differs(gate: Gate, one: dict[str, list[int]], other: dict[str, list[int]]) -> bool:
    """Do two tellings of one pilot differ by few people?"""
    return any(
        gate.differ_by_few(counts, other[code]) for code, counts in one.items() if code in other
    )


def _evidence(body: Municipality) -> dict[int, list[dict[str, list[int]]]]:
    """What was frozen of each pilot: when its judging started and ended, and by its expansions. Two
    queries.
    """
    rows = Expansion.objects.of(body).order_by()
    frozen: dict[int, list[dict[str, list[int]]]] = defaultdict(list)
    for pilot, evidence in rows.values_list("pilot", "evidence"):
        frozen[pilot].append(people_in(evidence))
    for pilot, values in PilotResult.objects.of(body).values_list("pilot", "values"):
        frozen[pilot].append(people_in(values))
    return frozen
