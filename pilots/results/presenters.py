"""Criteria of a pilot with their values, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from municipality.core.small_cells import MARK
from municipality.decisions.models import Decision
from municipality.organisation.models import Member
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.planning.wording import (
    MET_TONES,
    amount_words,
    counted_words,
    met_words,
    threshold_words,
)
from pilots.results.criteria_results import (
    Judged,
    Measured,
    judge_all,
    measure_of,
)


@dataclass(frozen=True)
class CriterionLine:
    """Criterion in words; `tone` and `verdict` only when it was measured."""

    name: Any
    definition: Any
    threshold: str
    value: str = ""
    share: str = ""
    verdict: str = ""
    tone: str = ""


def latest_decision(matter: str, number: int, member: Member) -> Decision | None:
    """Latest decision about a subject, if the member may see it. One query."""
    decisions = Decision.objects.visible_to(member).filter(matter=matter, subject_id=number)
    return decisions.order_by("-drafted_at", "-pk").first()


def lines(pilot: Pilot, measurement: Measured | None, *, hidden: bool) -> list[CriterionLine]:
    """Criteria, with their values once the pilot has begun."""
    if measurement is None:
        return [_plain(criterion) for criterion in pilot.rows_of_criteria]
    return [
        _judged(judged, hidden=hidden) for judged in judge_all(pilot.rows_of_criteria, measurement)
    ]


def _plain(criterion: SuccessCriterion) -> CriterionLine:
    measure = measure_of(criterion)
    limit = threshold_words(criterion.threshold, str(measure.unit), criterion.direction)
    return CriterionLine(measure.name, measure.definition, limit)


def _judged(judged: Judged, *, hidden: bool) -> CriterionLine:
    unit, figure, criterion = str(judged.measure.unit), judged.figure, judged.criterion
    share = counted_words(figure.numerator, figure.denominator, len(figure.missing))
    return CriterionLine(
        judged.measure.name,
        judged.measure.definition,
        threshold_words(criterion.threshold, unit, criterion.direction),
        value=MARK if hidden else amount_words(judged.value, unit),
        share=MARK if hidden else share,
        verdict=MARK if hidden else met_words(judged.met),
        tone="neutral" if hidden else MET_TONES[judged.met],
    )
