"""Which pilots are told without numbers to a reader of no small numbers.

A pilot is one part of several wholes: of all participants, of the 対象職員 of its departments, of what
an expansion froze of it. So it is decided for all pilots of the body at once, and the list, its
file, the page of a pilot and the evidence of an expansion follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.db.models import Exists, F, OuterRef

from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.small_cells import Gate, groups
from municipality.decisions.models import Revision
from municipality.organisation.models import Municipality
from pilots.days.breakdown import Breakdown, by_department
from pilots.days.models import Usage
from pilots.days.month_states import begun_departments
from pilots.days.month_usage import read_periods
from pilots.participants.models import Participant
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.models import Expansion, Pilot, PilotDepartment
from pilots.results.criteria_results import FIGURES, code_now
from pilots.results.figures import PilotFigures
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
class Telling:
    """What was frozen of a pilot at one moment, by its result or as evidence of an expansion."""

    measured_at: datetime
    people: dict[str, list[int]]

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """The telling that a result or evidence is."""
        return cls(datetime.fromisoformat(values["measured_at"]), people_in(values))


@dataclass(frozen=True)
class HiddenPilots:
    """The pilots of which no number is shown, and of those that are shown only as they were frozen
    first, since few people came in between. `tellings` are what was frozen of each.
    """

    everywhere: frozenset[int] = field(default_factory=frozenset)
    of_today: frozenset[int] = field(default_factory=frozenset)
    gate: Gate = field(default_factory=Gate)
    tellings: Mapping[int, list[Telling]] = field(default_factory=dict)

    def hides(self, pilot: Pilot, figures: PilotFigures | None = None) -> bool:
        """Must its present numbers be hidden, with these figures among them?"""
        people = {} if figures is None else people_of(figures)
        return (
            pilot.pk in self.everywhere
            or pilot.pk in self.of_today
            or any(
                differs(self.gate, each.people, people) for each in self.tellings.get(pilot.pk, [])
            )
        )

    def hides_frozen(self, pilot: Pilot, values: dict[str, Any]) -> bool:
        """Must this result or evidence of it be hidden, since it differs by few people from what
        was frozen before? What was told first stays told.
        """
        if self.gate.is_open:
            return False
        one = Telling.of(values)
        return pilot.pk in self.everywhere or any(
            differs(self.gate, one.people, other.people)
            for other in self.tellings.get(pilot.pk, [])
            if other.measured_at <= one.measured_at
        )


def hidden_pilots(body: Municipality, gate: Gate, today: date) -> HiddenPilots:
    """What is hidden of the body's pilots on a day. Nothing is read for who may be told everything,
    else thirteen queries, however many pilots there are.
    """
    if gate.is_open:
        return HiddenPilots()
    counts = pilot_counts(body, today)
    month = breakdown_of(body, today)
    hidden = {row.pilot.pk for row in counts if gate.hides(row.groups) or _leaves(row, month, gate)}
    tellings = _tellings(body)
    moved = {
        row.pilot.pk
        for row in counts
        if any(differs(gate, each.people, people_now(row)) for each in tellings[row.pilot.pk])
    }
    everywhere = frozenset(_with_partners(body, counts, hidden, gate))
    return HiddenPilots(everywhere, frozenset(moved), gate, tellings)


def pilot_counts(body: Municipality, today: date) -> list[PilotCount]:
    """Every pilot of the body with its numbers as of a day. Three queries."""
    records = Usage.objects.counted().filter(
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
    """The last month by department, as 状況一覧 tells it. Six queries."""
    month = Period.holding(Period.MONTH, today).previous
    begun = begun_departments(body, month.last)
    return by_department(read_periods(begun, [begun.tree.root], [month])[month][0])


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


def people_in(values: dict[str, Any]) -> dict[str, list[int]]:
    """What a frozen result or evidence tells of people: participants, and the groups of each
    criterion, by the codes of today. Days count no people. Of a result the page shows every figure,
    whatever the criteria are.
    """
    taking_part = values["pilot"]["participants"]
    people = {"taking_part": [taking_part]}
    for row in values["criteria"]:
        code = code_now(row["code"])
        if PILOT_INDICATORS[code].counts_days or row["numerator"] is None:
            continue
        numerator, denominator = float(row["numerator"]), float(row["denominator"] or taking_part)
        people[code] = groups(Figure(numerator, denominator, kind="rate"))
    return people | (people_of(PilotFigures.of(values["figures"])) if "figures" in values else {})


def people_of(figures: PilotFigures) -> dict[str, list[int]]:
    """What figures of a pilot tell of people, in the same words."""
    people = {"taking_part": [figures.participants]}
    if figures.takers is not None:
        part = [figures.takers, figures.participants - figures.takers]
        people |= {"K38": part, "K40": part}
    if figures.participants:
        people["K36"] = groups(FIGURES["K36"](figures))
    return people


def people_now(row: PilotCount) -> dict[str, list[int]]:
    """What the page of the pilot tells of people, in the same words."""
    return {"taking_part": [row.taking_part], "K38": [*row.part], "K40": [*row.part]}


def differs(gate: Gate, one: dict[str, list[int]], other: dict[str, list[int]]) -> bool:
    """Do two tellings of one pilot differ by few people?"""
    return any(
        gate.differ_by_few(counts, other[code]) for code, counts in one.items() if code in other
    )


def _tellings(body: Municipality) -> dict[int, list[Telling]]:
    """What was frozen of each pilot: when its judging started and ended, by its expansions, and by
    the versions of their decisions, since a returned expansion is measured anew. Three queries.
    """
    frozen: dict[int, list[Telling]] = defaultdict(list)
    pilots: dict[int, int] = {}
    expansions = Expansion.objects.of(body).order_by()
    for number, pilot, evidence in expansions.values_list("pk", "pilot", "evidence"):
        pilots[number] = pilot
        frozen[pilot].append(Telling.of(evidence))
    for pilot, values in PilotResult.objects.of(body).values_list("pilot", "values"):
        frozen[pilot].append(Telling.of(values))
    versions = Revision.objects.of(body).filter(decision__matter="pilots.expansion").order_by()
    for number, content in versions.values_list("decision__subject_id", "content"):
        frozen[pilots[number]].append(Telling.of(content["evidence"]["values"]))
    return frozen
