"""The readiness heat map: the newest round by department and axis."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse

from dashboard.overview.lines import FactLine, lines
from dashboard.overview.scope import Scope
from municipality.organisation.models import Department
from rollout.readiness.models import Assessment, Axis, Round
from rollout.readiness.scores import Scores

MOST_ROWS = 50


@dataclass(frozen=True)
class Square:
    """One cell: a value from 0 to 4, or why there is none (missing, suppressed)."""

    value: float | None
    state: str = ""
    blocker: bool = False


@dataclass(frozen=True)
class HeatRow:
    """One department with its axes and the total."""

    name: str
    address: str
    squares: list[Square]
    total: Square
    blocked: list[str]
    late: bool

    @property
    def is_missing(self) -> bool:
        """Has the department not handed in?"""
        return self.total.state == "missing"


@dataclass(frozen=True)
class Heat:
    """The map: rows in the order of the tree; in a large body only those with the lowest totals."""

    round_name: str
    due_on: date
    rows: list[HeatRow]
    everybody: list[HeatRow]

    @property
    def handed_in(self) -> int:
        """How many departments handed in."""
        return sum(not row.is_missing for row in self.everybody)

    @property
    def is_cut(self) -> bool:
        """Are there more departments than rows?"""
        return len(self.rows) < len(self.everybody)

    @property
    def blocked(self) -> list[HeatRow]:
        """Departments with an unmet 必須条件, as far as the reader sees them."""
        return [row for row in self.everybody if row.blocked]

    @property
    def late(self) -> list[HeatRow]:
        """Departments that have not handed in although the day has passed."""
        return [row for row in self.everybody if row.late]

    @property
    def causes(self) -> list[tuple[str, int]]:
        """The axes of the unmet conditions, each with the number of departments, the most frequent
        first.
        """
        return Counter(
            axis for row in self.blocked for axis in dict.fromkeys(row.blocked)
        ).most_common()


def heat_lines(scope: Scope) -> QuerySet:
    """The newest round's assessments of the departments in sight, as facts."""
    newest = Round.objects.of(scope.code).order_by("-number").values("pk")[:1]
    return lines(
        Assessment.objects.visible_to(scope.member).filter(round__in=newest),
        "assessment",
        number=F("department"),
        text=F("scores"),
        more=F("state"),
        day=F("due_on"),
    )


def round_lines(scope: Scope) -> QuerySet:
    """The newest round, as a fact."""
    newest = Round.objects.of(scope.code).order_by("-number").values("pk")[:1]
    return lines(Round.objects.filter(pk__in=newest), "round", text=F("name"), day=F("due_on"))


def read_heat(scope: Scope, found: dict[str, list[FactLine]]) -> Heat | None:
    """The map from the facts of the page; None before the first round."""
    if not found["round"] or not found["assessment"] or found["round"][0].day is None:
        return None
    asked = {line.number: line for line in found["assessment"]}
    rows = [_row(scope, row, asked[row.pk]) for row in scope.departments if row.pk in asked]
    shown = rows if len(rows) <= MOST_ROWS else sorted(rows, key=_lowest)[:MOST_ROWS]
    return Heat(found["round"][0].text, found["round"][0].day, shown, rows)


def _lowest(row: HeatRow) -> tuple[bool, float]:
    return (row.total.value is None, row.total.value or 0)


def _row(scope: Scope, department: Department, line: FactLine) -> HeatRow:
    address = reverse("municipality:department", args=[scope.code, department.pk])
    late = line.more in Assessment.ANSWERING and line.day is not None and line.day < scope.today
    if line.more not in (Assessment.State.SUBMITTED, Assessment.State.CONFIRMED):
        return _blank(department, address, "missing", late=late)
    if scope.least and scope.people[department.pk] < scope.least:
        return _blank(department, address, "suppressed")
    scores = Scores.read(json.loads(line.text))
    squares = [Square(_value(scores, axis), blocker=bool(_blockers(scores, axis))) for axis in Axis]
    blocked = [str(axis.label) for axis in Axis if _blockers(scores, axis)]
    return HeatRow(
        department.name, address, squares, Square(scores.total.value, "total"), blocked, late=False
    )


def _blank(department: Department, address: str, state: str, *, late: bool = False) -> HeatRow:
    return HeatRow(
        department.name, address, [Square(None, state)] * len(Axis), Square(None, state), [], late
    )


def _value(scores: Scores, axis: Axis) -> float | None:
    return scores.axes[axis.value].value if axis.value in scores.axes else None


def _blockers(scores: Scores, axis: Axis) -> list[str]:
    return scores.axes[axis.value].blockers if axis.value in scores.axes else []
