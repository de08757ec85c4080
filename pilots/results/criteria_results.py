"""Results of a pilot's success criteria: values from its participants' records, compared with the
fixed thresholds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.figures import Figure
from municipality.core.small_cells import groups
from pilots.days.indicators import Tally
from pilots.days.models import Usage
from pilots.days.month_usage import HALVES
from pilots.participants.readiness import ParticipantsReadiness, participants_readiness
from pilots.planning.models import Pilot, SuccessCriterion

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Measured:
    """Data from which the criteria of a pilot are computed, as of a day: participants, and usage by
    month.
    """

    tally: Tally
    readiness: ParticipantsReadiness
    months: dict[date, int] = field(default_factory=dict)
    """Half minutes by the first day of the month."""

    @property
    def rate(self) -> Figure:
        """Participants with a record over participants of departments that handed in."""
        return Figure(self.tally.takers, self.tally.eligible, self.tally.missing, kind="rate")

    @property
    def groups(self) -> list[int]:
        """Number of people behind each figure, on either side of its fraction line."""
        agreed, takers = len(self.readiness.agreed), self.tally.takers or 0
        return [*self.readiness.groups, *groups(self.rate), agreed - takers]


@dataclass(frozen=True)
class CriterionMeasure:
    """Indicator by which a pilot can be judged. `code` is that of the catalogue of indicators."""

    code: str
    name: Any
    unit: Any
    definition: Any
    figure: Callable[[Measured], Figure]


def _takers(measurement: Measured) -> Figure:
    return Figure(measurement.tally.takers, missing=measurement.tally.missing)


def _days(measurement: Measured) -> Figure:
    return Figure(measurement.tally.days, missing=measurement.tally.missing)


def _days_per_head(measurement: Measured) -> Figure:
    agreed, tally = len(measurement.readiness.agreed), measurement.tally
    return Figure(tally.days if agreed else None, agreed or None, tally.missing, kind="mean")


def _trained(measurement: Measured) -> Figure:
    agreed = len(measurement.readiness.agreed)
    return Figure(
        agreed - len(measurement.readiness.lacking) if agreed else None, agreed, kind="rate"
    )


PERSONS, PERCENT, PERSON_DAYS = pgettext_lazy("単位", "人"), "%", pgettext_lazy("単位", "人日")

MEASURES = {
    measure.code: measure
    for measure in (
        CriterionMeasure(
            "K01",
            pgettext_lazy("試行", "実施者数"),
            PERSONS,
            _("期間中に1回以上実施した参加者の人数"),
            _takers,
        ),
        CriterionMeasure(
            "K35",
            _("参加者実施率"),
            PERCENT,
            _("期間中に1回以上実施した参加者 / 参加者"),
            lambda measurement: measurement.rate,
        ),
        CriterionMeasure(
            "K04",
            _("延べ実施日数"),
            PERSON_DAYS,
            _("参加者の実施日数の合計(終日1、半日0.5、時間は7時間45分で1日)"),
            _days,
        ),
        CriterionMeasure(
            "K37",
            _("参加者1人当たりの実施日数"),
            pgettext_lazy("単位", "日"),
            _("参加者の実施日数の合計 / 参加者"),
            _days_per_head,
        ),
        CriterionMeasure(
            "K36",
            _("必須研修の修了率(参加者)"),
            PERCENT,
            _("必須研修をすべて修了し、有効期限内の参加者 / 参加者"),
            _trained,
        ),
    )
}
"""What can be measured of a pilot now, in the order of the catalogue."""


@dataclass(frozen=True)
class Judged:
    """Criterion with its figure: met, not met, or None when it cannot be judged because a
    department did not hand in.
    """

    criterion: SuccessCriterion
    figure: Figure
    met: bool | None

    @property
    def measure(self) -> CriterionMeasure:
        """Indicator of the criterion."""
        return measure_of(self.criterion)

    @property
    def value(self) -> Decimal | None:
        """Value as shown and compared: rounded to a tenth."""
        return tenths(self.figure)


def measure_of(criterion: SuccessCriterion) -> CriterionMeasure:
    """Indicator of a criterion."""
    return MEASURES[criterion.indicator]


def tenths(figure: Figure) -> Decimal | None:
    """Value of a figure to one decimal, half up; None without a value. Comparison uses it as it is
    shown.
    """
    if figure.value is None:
        return None
    exact = Decimal(str(figure.numerator))
    if figure.denominator and not figure.is_rate:
        exact /= Decimal(str(figure.denominator))
    if figure.is_rate:
        exact = exact * 100 / Decimal(str(figure.denominator))
    return exact.quantize(TENTH, ROUND_HALF_UP)


def last_day(pilot: Pilot, on: date) -> date:
    """Last day that counts as of a day: that day, but not after the end of the pilot."""
    over = timezone.localdate(pilot.finished_at) if pilot.finished_at else pilot.ends_on
    return min(on, pilot.ends_on, over)


def measured(pilot: Pilot, on: date, readiness: ParticipantsReadiness | None = None) -> Measured:
    """Read the data of the criteria, from the first day of the pilot to the day. Four queries, one
    when `readiness` is given.
    """
    readiness = readiness or participants_readiness(pilot, on)
    usages = Usage.objects.filter(member__in=readiness.departments).between(
        pilot.first_day, last_day(pilot, on)
    )
    rows = (
        usages.order_by()
        .annotate(month=TruncMonth("day"))
        .values_list("member", "department", "month")
    )
    done: dict[tuple[int, int], int] = defaultdict(int)
    months: dict[date, int] = defaultdict(int)
    for member, department, month, halves in rows.annotate(halves=Sum(HALVES)):
        done[member, department] += halves
        months[month] += halves
    return Measured(
        Tally(dict(done), readiness.departments), readiness, dict(sorted(months.items()))
    )


def judge_all(criteria: Iterable[SuccessCriterion], measurement: Measured) -> list[Judged]:
    """Criteria with figure and result."""
    figures = [
        (criterion, MEASURES[criterion.indicator].figure(measurement)) for criterion in criteria
    ]
    return [Judged(criterion, figure, is_met(criterion, figure)) for criterion, figure in figures]


def is_met(criterion: SuccessCriterion, figure: Figure) -> bool | None:
    """Whether the criterion is met; None without a value or while a department has not handed in."""
    value = tenths(figure)
    if value is None or figure.missing:
        return None
    if criterion.direction == SuccessCriterion.Direction.AT_LEAST:
        return value >= criterion.threshold
    return value <= criterion.threshold
