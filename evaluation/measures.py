"""All indicators in one place: which code is counted by which function of which room, and what a review measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from municipality.models import Department, Municipality
from municipality.periods import Figure, Period
from pilots import indicators as pilots
from pilots.models import Usage
from training import indicators as training

from . import indicators as own
from .models import Indicator, Review

CADENCES = (Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR)


@dataclass(frozen=True)
class Measure:
    """One indicator: its code in the catalogue, what counts it, and the shortest period for which it says something."""

    code: str
    count: Callable[[Any, Period], Figure]
    since: str = Period.MONTH


MEASURES = (
    Measure("K01", pilots.people),
    Measure("K02", pilots.rate_of_all),
    Measure("K03", pilots.rate),
    Measure("K04", pilots.days),
    Measure("K06", pilots.days_per_person),
    Measure("K07", pilots.coverage, Period.QUARTER),
    Measure("K24", training.completion_rate),
    Measure("K26", own.one_on_one_rate),
    Measure("K27", own.goals_agreed, Period.HALF),
)
"""Every indicator that can be measured today, in the order of the catalogue."""

USAGE_CODES = frozenset({"K01", "K02", "K03", "K04", "K06"})
"""Indicators that follow from the number of people who teleworked: one of them gives the others away."""


def measures_of(cadence: str) -> list[Measure]:
    """The indicators of a review of this cadence: a quarter shows the monthly ones too."""
    return [measure for measure in MEASURES if CADENCES.index(measure.since) <= CADENCES.index(cadence)]


def measure(departments: QuerySet, period: Period) -> dict[str, Figure]:
    """The figures of the departments (those below included) in the period, by code, as the tables say now."""
    return {item.code: item.count(departments, period) for item in measures_of(period.cadence)}


def measure_review(review: Review) -> dict[str, Figure]:
    """The figures of the review's own period, as the tables say now."""
    return measure(departments_of(review), review.period)


def departments_of(review: Review) -> QuerySet[Department]:
    """Whom the review is about: all departments of the body, or one with everything below it."""
    departments = Department.objects.of(review.municipality_id)
    return departments if review.department is None else departments.below(review.department.path)


def previous_figures(review: Review) -> dict[str, Figure]:
    """The figures of the period before: as frozen in its review, otherwise as the tables say now."""
    before = review.period.previous
    found = Review.objects.of(review.municipality_id).of_period(before).filter(department=review.department_id)
    frozen = next(iter(found.exclude(state=Review.State.ENTERING).prefetch_related("figures__indicator")), None)
    if frozen is not None:
        return {row.indicator.code: row.figure for row in frozen.figures.all()}
    return measure(departments_of(review), before)


def stamp_of(review: Review) -> str:
    """What tells, in one query, whether records of the period came, went or changed since it was last taken."""
    rows = Usage.objects.filter(department__in=departments_of(review)).between(review.first, review.last)
    found = rows.order_by().aggregate(n=Count("pk"), last=Max("pk"), minutes=Sum("minutes"))
    return f"{found['n']}:{found['last'] or 0}:{found['minutes'] or 0}"


def definitions(municipality: Municipality | str) -> Mapping[str, Indicator]:
    """The present definition of each indicator of the body, by code. One query."""
    return {row.code: row for row in Indicator.objects.of(municipality).current()}
