"""Board of a round: which departments have submitted, and their scores, for one viewer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean

from django.utils.functional import cached_property

from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays, open_days
from municipality.web.components.cells import DueCell, due_cell
from rollout.readiness.models import Assessment, Axis, BlockerException, Criterion, Round
from rollout.readiness.queries import passed_over
from rollout.readiness.scores import Score, Scores


@dataclass(frozen=True)
class BoardCell:
    """Axis of a department: its value, or `missing` when nothing was submitted."""

    value: float | None
    mark: str
    has_blocker: bool


MISSING = BoardCell(None, "missing", False)


@dataclass(frozen=True)
class BoardRow:
    """Department on the board: its assessment, a cell for each axis, the total, and the difference
    to the previous round. `late` is the due date that passed, with the open days since.
    `exceptions` pass its unmet 必須条件 over.
    """

    assessment: Assessment
    cells: list[BoardCell]
    total: BoardCell
    change: float | None
    late: DueCell | None = None
    exceptions: list[BlockerException] = field(default_factory=list)


@dataclass(frozen=True)
class Unmet:
    """A 必須条件 that some departments do not meet, each with the exception that passes it over."""

    criterion: Criterion
    assessments: list[tuple[Assessment, BlockerException | None]]


class RoundBoard:
    """Rows of a round that the viewer may see. Five queries, however many departments there
    are.
    """

    def __init__(self, round_: Round, member: Member, today: date) -> None:
        self.round, self.member, self.today = round_, member, today

    @cached_property
    def assessments(self) -> list[Assessment]:
        """All assessments that the viewer may see, in the order of the tree."""
        rows = Assessment.objects.visible_to(self.member).filter(round=self.round)
        assessments = list(rows.select_related("department").order_by("department__path"))
        for row in assessments:
            row.round = self.round
        return assessments

    @cached_property
    def handed_in(self) -> list[Assessment]:
        """Assessments whose scores may be shown."""
        return [row for row in self.assessments if row.is_handed_in]

    @cached_property
    def results(self) -> dict[int, Scores]:
        """Scores of the submitted assessments, by assessment number."""
        return {row.pk: row.result for row in self.handed_in}

    @cached_property
    def states(self) -> Counter[str]:
        """Number of assessments in each state."""
        return Counter(row.state for row in self.assessments)

    @property
    def confirmed(self) -> int:
        """Number of confirmed assessments."""
        return self.states[Assessment.State.CONFIRMED]

    @cached_property
    def before(self) -> dict[int, Score]:
        """Total of the last confirmed assessment before this round, by department number."""
        rows = Assessment.objects.visible_to(self.member).before(self.round).newest_confirmed()
        return {number: row.result.total for number, row in rows.items()}

    def rows(self, state: str = "") -> list[BoardRow]:
        """All rows, or those in one state."""
        return [self._row(row) for row in self.assessments if state in ("", row.state)]

    @cached_property
    def unmet(self) -> list[Unmet]:
        """Unmet 必須条件 with the departments that submitted and do not meet them."""
        by_code: dict[str, list[Assessment]] = {}
        for row in self.handed_in:
            for code in self.results[row.pk].total.blockers:
                by_code.setdefault(code, []).append(row)
        criteria = Criterion.objects.of(self.round.municipality_id).filter(
            catalogue_version=self.round.catalogue_version, code__in=by_code
        )
        return [self._unmet(item, by_code[item.code]) for item in criteria] if by_code else []

    def _unmet(self, criterion: Criterion, rows: list[Assessment]) -> Unmet:
        by_code = {
            (number, row.criterion): row
            for number in self.exceptions
            for row in self.exceptions[number]
        }
        return Unmet(criterion, [(row, by_code.get((row.pk, criterion.code))) for row in rows])

    @cached_property
    def exceptions(self) -> dict[int, list[BlockerException]]:
        """What passes the unmet 必須条件 over, by assessment."""
        blocked = [row for row in self.handed_in if self.results[row.pk].total.blockers]
        return passed_over(blocked, self.today) if blocked else {}

    @property
    def with_exceptions(self) -> int:
        """Number of departments with an unmet 必須条件 that is passed over."""
        return sum(bool(rows) for rows in self.exceptions.values())

    @cached_property
    def with_blockers(self) -> int:
        """Number of departments with an unmet 必須条件."""
        return sum(bool(result.total.blockers) for result in self.results.values())

    @cached_property
    def late(self) -> list[Assessment]:
        """Those that are with their department behind the due date, while the round is open."""
        return [row for row in self.assessments if row.is_late(self.today)]

    @cached_property
    def _calendar(self) -> OpenDays:
        return open_days(self.round.municipality_id)

    @cached_property
    def weakest(self) -> tuple[Axis, float] | None:
        """Axis with the lowest mean of the submitted assessments."""
        means = [(axis, fmean(values)) for axis in Axis if (values := self._values(axis))]
        return min(means, key=lambda pair: pair[1], default=None)

    def _values(self, axis: Axis) -> list[float]:
        scores = (result.axes.get(axis.value) for result in self.results.values())
        return [score.value for score in scores if score and score.value is not None]

    def _row(self, assessment: Assessment) -> BoardRow:
        result = self.results.get(assessment.pk)
        if result is None:
            late = assessment.is_late(self.today)
            cell = due_cell(assessment.due_on, self.today, self._calendar) if late else None
            return BoardRow(assessment, [MISSING] * len(Axis), MISSING, None, cell)
        before = self.before.get(assessment.department_id, Score())
        cells = [_cell(result.axes.get(axis.value, Score())) for axis in Axis]
        return BoardRow(
            assessment,
            cells,
            _cell(result.total),
            _change(before.value, result.total.value),
            exceptions=self.exceptions.get(assessment.pk, []),
        )


def _change(before: float | None, now: float | None) -> float | None:
    """Difference of the values as they are shown, so that the numbers on the page add up."""
    return None if before is None or now is None else round(now, 1) - round(before, 1)


def _cell(score: Score) -> BoardCell:
    return BoardCell(score.value, "", bool(score.blockers))
