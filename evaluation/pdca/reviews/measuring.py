"""Measuring a review: its departments, the figures of the period before, and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import QuerySet

from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Review, ReviewFigure
from municipality.core.figures import Figure
from municipality.organisation.models import Department, Municipality
from pilots.days.indicators import CODES
from pilots.days.month_states import missing_departments


def reviewed_departments(review: Review) -> QuerySet[Department]:
    """Departments of the review: all of the body, or one with everything below it."""
    departments = Department.objects.of(review.municipality_id)
    return departments if review.department is None else departments.below(review.department.path)


def previous_figures(
    review: Review, departments: QuerySet[Department] | None = None
) -> dict[str, Figure]:
    """The figures of the period before: as frozen in its review (one query, and three for the
    departments that have handed in nothing for it by now), otherwise as the tables say now.
    `departments` are the review's own where the caller has read them already.
    """
    before = review.period.previous
    places = reviewed_departments(review) if departments is None else departments
    frozen = ReviewFigure.objects.of(review.municipality_id).filter(
        review__cadence=before.cadence,
        review__first=before.first,
        review__department=review.department_id,
    )
    rows = list(frozen.select_related("indicator"))
    if not rows:
        return measure(places, before)
    gone = missing_departments(list(places), before.months)
    numbers = {number for month in gone.values() for number in month}
    return {row.indicator.code: _with_missing(row, numbers) for row in rows}


def _with_missing(row: ReviewFigure, gone: set[int]) -> Figure:
    """The frozen figure with the departments that are missing by now: it must not be compared."""
    figure = row.figure
    if row.indicator.code not in CODES:
        return figure
    return replace(figure, missing=tuple(sorted({*figure.missing, *gone})))


def definitions(municipality: Municipality | str) -> Mapping[str, Indicator]:
    """Present definitions of the body's indicators, by code. One query."""
    return {row.code: row for row in Indicator.objects.of(municipality).current()}
