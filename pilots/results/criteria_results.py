"""Results of a pilot's success criteria: values from its participants' records, compared with the
fixed thresholds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from municipality.core.figures import Figure, tenths
from pilots.days.models import Usage
from pilots.days.month_usage import HALVES
from pilots.participants.readiness import ParticipantsReadiness, participants_readiness
from pilots.planning.catalogue_file import PILOT_INDICATORS, PilotIndicator
from pilots.planning.models import Pilot, SuccessCriterion
from pilots.results.figures import PilotFigures
from pilots.results.missing_months import MissingMonth, months_of_pilot
from training.gate.requirements import TrainingRecords


def _takers(figures: PilotFigures) -> Figure:
    return Figure(figures.takers, missing=figures.missing)


def _days(figures: PilotFigures) -> Figure:
    return Figure(figures.days, missing=figures.missing)


def _trained(figures: PilotFigures) -> Figure:
    people = figures.participants
    return Figure(people - figures.lacking if people else None, people, kind="rate")


def _days_per_head(figures: PilotFigures) -> Figure:
    people = figures.participants
    return Figure(figures.days if people else None, people or None, figures.missing, kind="mean")


FIGURES: dict[str, Callable[[PilotFigures], Figure]] = {
    "K38": _takers,
    "K40": lambda figures: figures.rate,
    "K39": _days,
    "K37": _days_per_head,
    "K36": _trained,
}
"""How each indicator is counted over the whole period of one pilot, in the order of its form."""

CODES_BEFORE = {"K01": "K38", "K03": "K40", "K04": "K39", "K24": "K36", "K35": "K40"}
"""Codes that criteria had before, with those they have now. What was frozen keeps its code."""


@dataclass(frozen=True)
class Judged:
    """Criterion with its figure: met, not met, or None when it cannot be judged because a
    department did not hand in.
    """

    criterion: SuccessCriterion
    figure: Figure
    met: bool | None
    missing_months: tuple[MissingMonth, ...] = ()
    """Months that it lacks: it is judged without them, and says so."""

    @property
    def indicator(self) -> PilotIndicator:
        """Indicator of the criterion."""
        return indicator_of(self.criterion)

    @property
    def value(self) -> Decimal | None:
        """Value as shown and compared: rounded to a tenth."""
        return tenths(self.figure)


def indicator_of(criterion: SuccessCriterion) -> PilotIndicator:
    """Indicator of a criterion."""
    return PILOT_INDICATORS[criterion.indicator]


def code_now(code: str) -> str:
    """Code that an indicator of what was frozen has today."""
    return CODES_BEFORE.get(code, code)


def measured(
    pilot: Pilot, on: date, readiness: ParticipantsReadiness | None = None
) -> PilotFigures:
    """Read the figures of the pilot, from its first day to the day. Four queries, one when
    `readiness` is given; one more when its criteria were not read yet, three for its months.
    """
    readiness, last = readiness or participants_readiness(pilot, on), pilot.last_day(on)
    people, handing_in = readiness.counted(last), months_of_pilot(pilot, last)
    homes = {row.member_id: row.department_id for row in people}
    departments = set(homes.values())
    rows = (
        Usage.objects.counted()
        .filter(Exists(_taking_part(pilot)), member__in=homes)
        .between(pilot.first_day, last)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values_list("member", "department", "month")
    )
    takers: set[int] = set()
    reported: set[int] = set()
    months: dict[date, int] = defaultdict(int)
    for member, department, month, halves in rows.annotate(halves=Sum(HALVES)):
        takers.add(member)
        reported |= {department, homes[member]}  # who moved counts where they take part from
        months[month] += halves
    for month in handing_in.states:
        if any(handing_in.handed_in(number, month) for number in departments):
            months[month] += 0  # 実績なし is a month of zero, not an empty one
    is_reported = bool(months)
    return PilotFigures(
        participants=len(homes),
        takers=len(takers) if is_reported else None,
        halves=sum(months.values()) if is_reported else None,
        lacking=_lacking(people, readiness.training, last, fixed_on(pilot) or last),
        missing=handing_in.silent(departments, reported),
        months=dict(sorted(months.items())),
        missing_months=handing_in.missing([row.pk for row in pilot.places], on),
    )


def _taking_part(pilot: Pilot) -> QuerySet:
    """Of a record: does its person take part in the pilot on its day?"""
    here = pilot.participants.filter(member=OuterRef("member"))
    return here.took_part(OuterRef("day"), OuterRef("day"))


def _lacking(people: list[Any], training: TrainingRecords, last: date, fixed: date) -> int:
    """How many of these lack a course required on the day `fixed`: on the last day, or on their own
    for who left before.
    """
    ends = {row.member_id: min(last, row.left_on or last) for row in people}
    missing = {day: training.missing(day, fixed) for day in set(ends.values())}
    return sum(bool(missing[day][member]) for member, day in ends.items())


def fixed_on(pilot: Pilot) -> date | None:
    """Day on which the criteria were fixed: the courses required then are those that count."""
    days = [timezone.localdate(row.fixed_at) for row in pilot.rows_of_criteria]
    return max(days, default=None)


def judge_all(criteria: Iterable[SuccessCriterion], figures: PilotFigures) -> list[Judged]:
    """Criteria with figure and result."""
    values = [(row, FIGURES[row.indicator](figures)) for row in criteria]
    return [
        Judged(
            criterion,
            figure,
            is_met(criterion, figure),
            figures.missing_months if indicator_of(criterion).is_of_usage else (),
        )
        for criterion, figure in values
    ]


def is_met(criterion: SuccessCriterion, figure: Figure) -> bool | None:
    """Whether the criterion is met; None without a value or while a department has not handed
    in.
    """
    value = tenths(figure)
    if value is None or figure.missing:
        return None
    if criterion.direction == SuccessCriterion.Direction.AT_LEAST:
        return value >= criterion.threshold
    return value <= criterion.threshold
