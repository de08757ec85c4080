"""Measuring a review: its figures, those of the period before, and the stamp of their last
computation.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Max, QuerySet, Sum

from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Review, ReviewFigure
from municipality.core.figures import Figure
from municipality.organisation.models import Department, Municipality
from pilots.days.models import Usage


def reviewed_departments(review: Review) -> QuerySet[Department]:
    """Departments of the review: all of the body, or one with everything below it."""
    departments = Department.objects.of(review.municipality_id)
    return departments if review.department is None else departments.below(review.department.path)


def previous_figures(
    review: Review, departments: QuerySet[Department] | None = None
) -> dict[str, Figure]:
    """The figures of the period before: as frozen in its review (one query), otherwise as the
    tables say now. `departments` are the review's own where the caller has read them already.
    """
    before = review.period.previous
    frozen = ReviewFigure.objects.of(review.municipality_id).filter(
        review__cadence=before.cadence,
        review__first=before.first,
        review__department=review.department_id,
    )
    rows = list(frozen.select_related("indicator"))
    if rows:
        return {row.indicator.code: row.figure for row in rows}
    return measure(reviewed_departments(review) if departments is None else departments, before)


def stamp_of(review: Review) -> str:
    """Text that changes when records of the period are added, changed or deleted. One query."""
    rows = Usage.objects.filter(department__in=reviewed_departments(review)).between(
        review.first, review.last
    )
    totals = rows.order_by().aggregate(n=Count("pk"), last=Max("pk"), minutes=Sum("minutes"))
    return f"{totals['n']}:{totals['last'] or 0}:{totals['minutes'] or 0}"


def definitions(municipality: Municipality | str) -> Mapping[str, Indicator]:
    """Present definitions of the body's indicators, by code. One query."""
    return {row.code: row for row in Indicator.objects.of(municipality).current()}
