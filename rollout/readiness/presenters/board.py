"""The submission board of a round: who has handed in, with which scores, as one viewer may see
it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean

from django.utils.functional import cached_property

from municipality.organisation.models import Member
from rollout.readiness.models import Assessment, Axis, Criterion, Round
from rollout.readiness.scores import Score, Scores


@dataclass(frozen=True)
class BoardCell:
    """One axis of a department: its value, or `missing` when it has not handed in."""

    value: float | None
    mark: str
    has_blocker: bool


MISSING = BoardCell(None, "missing", False)


@dataclass(frozen=True)
class BoardRow:
    """A department on the board: its assessment, a cell per axis, the total, and the difference to
    the round before.
    """

    assessment: Assessment
    cells: list[BoardCell]
    total: BoardCell
    change: float | None


@dataclass(frozen=True)
class Unmet:
    """A 必須条件 that some departments do not meet."""

    criterion: Criterion
    assessments: list[Assessment]


class RoundBoard:
    """Rows of a round in the viewer's sight. Three queries, however many departments there are."""

    def __init__(self, round_: Round, member: Member) -> None:
        self.round, self.member = round_, member

    @cached_property
    def assessments(self) -> list[Assessment]:
        """All that the viewer may see, in the order of the tree."""
        rows = Assessment.objects.visible_to(self.member).filter(round=self.round)
        found = list(rows.select_related("department").order_by("department__path"))
        for row in found:
            row.round = self.round
        return found

    @cached_property
    def handed_in(self) -> list[Assessment]:
        """Those whose scores may be shown."""
        return [row for row in self.assessments if row.is_handed_in]

    @cached_property
    def results(self) -> dict[int, Scores]:
        """The scores of what is handed in, by assessment."""
        return {row.pk: row.result for row in self.handed_in}

    @cached_property
    def states(self) -> Counter[str]:
        """How many are in each state."""
        return Counter(row.state for row in self.assessments)

    @property
    def confirmed(self) -> int:
        """How many are confirmed."""
        return self.states[Assessment.State.CONFIRMED]

    @cached_property
    def before(self) -> dict[int, Score]:
        """Totals of the last confirmed assessment before this round, by department number."""
        rows = Assessment.objects.visible_to(self.member).filter(
            state=Assessment.State.CONFIRMED, round__number__lt=self.round.number
        )
        return {row.department_id: row.result.total for row in rows.order_by("round__number")}

    def rows(self, state: str = "") -> list[BoardRow]:
        """The rows, or those in one state."""
        return [self._row(row) for row in self.assessments if state in ("", row.state)]

    @cached_property
    def unmet(self) -> list[Unmet]:
        """必須条件 that are not met, with the departments that have handed in and do not meet
        them.
        """
        found: dict[str, list[Assessment]] = {}
        for row in self.handed_in:
            for code in self.results[row.pk].total.blockers:
                found.setdefault(code, []).append(row)
        criteria = Criterion.objects.of(self.round.municipality_id).filter(
            catalogue_version=self.round.catalogue_version, code__in=found
        )
        return [Unmet(item, found[item.code]) for item in criteria] if found else []

    @cached_property
    def with_blockers(self) -> int:
        """How many departments have a 必須条件 that is not met."""
        return sum(bool(result.total.blockers) for result in self.results.values())

    @cached_property
    def weakest(self) -> tuple[Axis, float] | None:
        """The axis with the lowest mean over the departments that have handed in."""
        means = [(axis, fmean(values)) for axis in Axis if (values := self._values(axis))]
        return min(means, key=lambda pair: pair[1], default=None)

    def _values(self, axis: Axis) -> list[float]:
        scores = (result.axes.get(axis.value) for result in self.results.values())
        return [score.value for score in scores if score and score.value is not None]

    def _row(self, assessment: Assessment) -> BoardRow:
        result = self.results.get(assessment.pk)
        if result is None:
            return BoardRow(assessment, [MISSING] * len(Axis), MISSING, None)
        before = self.before.get(assessment.department_id, Score())
        cells = [_cell(result.axes.get(axis.value, Score())) for axis in Axis]
        return BoardRow(
            assessment, cells, _cell(result.total), _change(before.value, result.total.value)
        )


def _change(before: float | None, now: float | None) -> float | None:
    """The difference of the values as they are shown, so that it adds up on the page."""
    return None if before is None or now is None else round(now, 1) - round(before, 1)


def _cell(score: Score) -> BoardCell:
    return BoardCell(score.value, "", bool(score.blockers))
