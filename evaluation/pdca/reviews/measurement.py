"""Measuring a review: its departments, the figures of the period before, and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from evaluation.pdca.indicators.measures import measure
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Review, ReviewFigure
from municipality.core.figures import Figure, with_missing_of
from municipality.core.periods import Period
from municipality.organisation.models import Municipality
from pilots.days.indicators import figures_of
from pilots.days.month_states import begun_departments
from pilots.days.month_usage import MonthUsage, read_periods


class ReviewUsage:
    """Usage in the months of a review and of the period before, read when it is first asked (six
    queries, eleven where the two count other departments): of each period over the departments of
    its last day.
    """

    def __init__(self, review: Review) -> None:
        self.review = review

    @cached_property
    def _months(self) -> dict[Period, list[MonthUsage]]:
        review = self.review
        begun = begun_departments(review.municipality_id, review.last)
        roots = [review.department_id or begun.tree.root]
        return read_periods(begun, roots, [review.period.previous, review.period])

    @property
    def own(self) -> list[MonthUsage]:
        """The months of the review, oldest first."""
        return self._months[self.review.period]

    @property
    def before(self) -> list[MonthUsage]:
        """The months of the period before."""
        return self._months[self.review.period.previous]


def measured(months: list[MonthUsage], period: Period) -> dict[str, Figure]:
    """All figures of the period over the departments of its months, as the tables say now."""
    return measure(months[0].departments, period, figures_of(months))


def previous_figures(review: Review, months: list[MonthUsage]) -> dict[str, Figure]:
    """The figures of the period before, of which these are the months: as frozen in its review (one
    query), as incomplete as they are by now, otherwise as the tables say now.
    """
    before = review.period.previous
    frozen = ReviewFigure.objects.of(review.municipality_id).filter(
        review__cadence=before.cadence,
        review__first=before.first,
        review__department=review.department_id,
    )
    rows = list(frozen.select_related("indicator"))
    if not rows:
        return measured(months, before)
    now = figures_of(months)
    return {
        row.indicator.code: with_missing_of(row.figure, now.get(row.indicator.code)) for row in rows
    }


def definitions(municipality: Municipality | str) -> Mapping[str, Indicator]:
    """Present definitions of the body's indicators, by code. One query."""
    return {row.code: row for row in Indicator.objects.of(municipality).current()}
