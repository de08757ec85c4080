"""The readiness heat map: the newest round by department and axis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

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


def newest_assessments(scope: Scope) -> list[Assessment]:
    """Assessments of the newest round in the departments in sight. One query."""
    newest = Round.objects.visible_to(scope.member).order_by("-number").values("pk")[:1]
    rows = Assessment.objects.visible_to(scope.member).filter(round__in=newest)
    return list(rows.select_related("round"))


def read_heat(scope: Scope) -> Heat | None:
    """The map of the newest round; None before the first one."""
    assessments = {row.department_id: row for row in newest_assessments(scope)}
    if not assessments:
        return None
    newest = next(iter(assessments.values())).round
    rows = [
        _row(scope, department, assessments[department.pk])
        for department in scope.departments
        if department.pk in assessments
    ]
    shown = rows if len(rows) <= MOST_ROWS else sorted(rows, key=_lowest)[:MOST_ROWS]
    return Heat(newest.name, newest.due_on, shown, rows)


def _lowest(row: HeatRow) -> tuple[bool, float]:
    return (row.total.value is None, row.total.value or 0)


def _row(scope: Scope, department: Department, assessment: Assessment) -> HeatRow:
    address = reverse("municipality:department", args=[scope.code, department.pk])
    late = assessment.state in Assessment.ANSWERING and assessment.due_on < scope.today
    if assessment.state not in (Assessment.State.SUBMITTED, Assessment.State.CONFIRMED):
        return _blank(department, address, "missing", late=late)
    if scope.least and scope.people[department.pk] < scope.least:
        return _blank(department, address, "suppressed")
    scores = Scores.read(assessment.scores)
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
