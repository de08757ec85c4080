"""Measuring a review: its departments, the figures of the period before, and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import QuerySet

from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Review, ReviewFigure
from municipality.core.figures import Figure
from municipality.organisation.dated_tree import dated_tree
from municipality.organisation.models import Department, Municipality
from pilots.days.indicators import CODES
from pilots.days.month_states import missing_departments


def reviewed_departments(review: Review) -> tuple[QuerySet[Department], QuerySet[Department]]:
    """Departments of the review in its own period and in the one before: all of the body, or one
    with everything that lay below it on the last day, for which the tree is read (one query).
    """
    departments = Department.objects.of(review.municipality_id)
    if review.department_id is None:
        return departments, departments
    tree = dated_tree(review.municipality_id)
    own, before = (
        departments.filter(pk__in=tree.below(review.department_id, period.last))
        for period in (review.period, review.period.previous)
    )
    return own, before


def previous_figures(review: Review, places: QuerySet[Department]) -> dict[str, Figure]:
    """The figures of the period before, of these departments: as frozen in its review (one query,
    and three for the departments that have handed in nothing for it by now), otherwise as the
    tables say now.
    """
    before = review.period.previous
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
