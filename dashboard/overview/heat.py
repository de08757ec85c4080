"""The readiness heat map: the newest round by department and axis.

An assessment describes the department, not its people; a department of three is shown as on the
pages of the assessments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse

from dashboard.overview.scope import Scope
from municipality.core.date_words import short_day
from municipality.core.name_lists import all_names
from municipality.organisation.models import Department
from rollout.readiness.models import Assessment, Axis, BlockerException, Round
from rollout.readiness.queries import still_needed
from rollout.readiness.scores import Scores

MOST_ROWS = 50


@dataclass(frozen=True)
class Square:
    """One cell: a value from 0 to 4, or that there is none (missing)."""

    value: float | None
    state: str = ""
    blocker: bool = False


@dataclass(frozen=True)
class HeatRow:
    """One department with its axes and the total. `late_since` is the deadline that passed without
    its answers; `before` names the earlier round whose confirmed scores stand here while the
    department has not handed in the newest.
    """

    name: str
    address: str
    squares: list[Square]
    total: Square
    blocked: list[str]
    late_since: date | None
    is_missing: bool
    before: str = ""


@dataclass(frozen=True)
class PassedOver:
    """必須条件 of one department that were passed over in writing (例外承認), and the page that tells
    why.
    """

    name: str
    conditions: str
    address: str


@dataclass(frozen=True)
class Heat:
    """The map: rows in the order of the tree; in a large body only those with the lowest totals.
    `exceptions` are in force on the day.
    """

    round_name: str
    rows: list[HeatRow]
    everybody: list[HeatRow]
    exceptions: list[PassedOver] = field(default_factory=list)

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
        """Departments that have not handed in behind the due date, while the round is open."""
        return [row for row in self.everybody if row.late_since]

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
    missing = [key for key, row in assessments.items() if not row.is_handed_in]
    before = confirmed_before(scope, missing)
    rows = [
        _row(scope, department, assessments[department.pk], before.get(department.pk))
        for department in scope.departments
        if department.pk in assessments
    ]
    shown = rows if len(rows) <= MOST_ROWS else sorted(rows, key=_lowest)[:MOST_ROWS]
    exceptions = passed_over(scope, {**assessments, **before})
    return Heat(newest.name, shown, rows, exceptions)


def passed_over(scope: Scope, assessments: dict[int, Assessment]) -> list[PassedOver]:
    """What is passed over in the departments in sight, in the order of the tree. One query."""
    granted_in: dict[int, list[str]] = defaultdict(list)
    granted = BlockerException.objects.visible_to(scope.member)
    rows = still_needed(granted, scope.today).order_by("criterion")
    for exception in rows:
        granted_in[exception.department_id].append(f"{exception.criterion} {exception.label}")
    return [
        PassedOver(
            row.name,
            all_names(granted_in[row.pk]),
            assessments[row.pk].conditions_address,
        )
        for row in scope.departments
        if row.pk in granted_in and row.pk in assessments
    ]


def _lowest(row: HeatRow) -> tuple[bool, float]:
    return (row.total.value is None, row.total.value or 0)


def confirmed_before(scope: Scope, departments: list[int]) -> dict[int, Assessment]:
    """By department the last confirmed assessment, of those that lack the newest round. At most one
    query.
    """
    if not departments:
        return {}
    rows = Assessment.objects.visible_to(scope.member).filter(department__in=departments)
    return rows.newest_confirmed()


def _row(
    scope: Scope, department: Department, assessment: Assessment, before: Assessment | None
) -> HeatRow:
    address = reverse("municipality:department", args=[scope.code, department.pk])
    since = assessment.due_on if assessment.is_late(scope.today) else None
    missing = not assessment.is_handed_in
    known = before if missing else assessment
    row = HeatRow(department.name, address, *_blank("missing"), [], since, missing)
    if known is None:
        return row
    if missing:
        row = replace(row, before=f"{known.round.name} {short_day(known.confirmed_at)}")
    return _scored(row, Scores.read(known.scores))


def _scored(row: HeatRow, scores: Scores) -> HeatRow:
    squares = [Square(_value(scores, axis), blocker=bool(_blockers(scores, axis))) for axis in Axis]
    blocked = [str(axis.label) for axis in Axis if _blockers(scores, axis)]
    total = Square(scores.total.value, "total")
    return replace(row, squares=squares, total=total, blocked=blocked)


def _blank(state: str) -> tuple[list[Square], Square]:
    return [Square(None, state)] * len(Axis), Square(None, state)


def _value(scores: Scores, axis: Axis) -> float | None:
    return scores.axes[axis.value].value if axis.value in scores.axes else None


def _blockers(scores: Scores, axis: Axis) -> list[str]:
    return scores.axes[axis.value].blockers if axis.value in scores.axes else []
