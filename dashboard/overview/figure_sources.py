"""Reading the figures of 状況一覧: what the reviews froze, and what the tables say now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from django.db.models import QuerySet

from dashboard.overview.figures import CODES, MONTHS, Figures
from dashboard.overview.scope import Scope
from evaluation.appraisal.one_on_ones.indicators import one_on_one_rate
from evaluation.pdca.indicators.measures import with_versions
from evaluation.pdca.reviews.models import Review, ReviewFigure
from evaluation.pdca.reviews.small_numbers import (
    EarlierClosings,
    Published,
    missing_in,
    read_earlier_closings,
)
from municipality.core.figures import Figure
from municipality.core.periods import Period
from pilots.days.breakdown import hidden_by_parts
from pilots.days.indicators import figures_of
from pilots.days.month_states import begun_departments
from pilots.days.month_usage import MonthUsage, read_periods
from pilots.days.rules import USAGE_CODES
from training.completions.indicators import completion_rate


def read_figures(scope: Scope) -> Figures:
    """Frozen figures of the last months, and live ones of those that are not closed, from the first
    closed one on: of the last month and the one that it is compared with all of them, as the review
    compares these, of the others usage.
    """
    by_month: dict[str, dict[str, Figure]] = {}
    closed: dict[str, datetime | None] = {}
    for row in frozen(scope) if scope.has_reviews else []:
        key = row.review.first.isoformat()
        closed[key] = row.review.closed_at
        by_month.setdefault(key, {})[row.indicator.code] = row.figure
    usages = read_usages(scope, closed)
    now = {
        key: live(usage) if is_whole(scope, usage.month, closed) else usage_now(usage)
        for key, usage in usages.items()
    }
    by_month |= {key: now.pop(key) for key in now.keys() - closed.keys()}
    figures = Figures(scope, by_month, closed, now, usages=usages)
    if scope.gate.is_open:
        return figures
    earlier = earlier_closings(scope)
    return replace(figures, earlier=earlier, by_parts=hidden_months(figures, earlier))


def read_usages(scope: Scope, closed: Collection[str]) -> dict[str, MonthUsage]:
    """Usage in the months from the first closed one to the last, as the tables say now, over the
    departments that their reviews count. Six queries, and five for each time these changed.
    """
    months, first = [scope.month], min(map(date.fromisoformat, closed), default=scope.month.first)
    while months[0].first > first:
        months.insert(0, months[0].previous)
    begun = begun_departments(scope.code, scope.month.last)
    read = read_periods(begun, [row.pk for row in scope.roots], months)
    return {month.key: usage for month, (usage,) in read.items() if usage.departments}


def is_whole(scope: Scope, month: Period, closed: Collection[str]) -> bool:
    """Are all five figures of the month asked of the tables: while it is open, of the last two; of
    the last after its closing for who may be told what came in since?
    """
    if month == scope.month and scope.gate.is_open:
        return True
    return month.key not in closed and month in (scope.month, scope.month.previous)


def hidden_months(figures: Figures, earlier: EarlierClosings) -> dict[str, frozenset[str]]:
    """By month the codes that tell of one department, as they were told or as of now."""
    scope, published = figures.scope, Published(earlier=earlier)
    place = scope.root.pk if scope.root else None
    hidden = {}
    for key, usage in figures.usages.items():
        missing = missing_in(figures.by_month.get(key, {}))
        before = [missing_in(each) for each in published.before(place, usage.month)]
        hidden[key] = hidden_by_parts(usage, scope.gate, missing, before)
    return hidden


def earlier_closings(scope: Scope) -> EarlierClosings:
    """What the reviews of the trend's months told before they were opened again. One query, two
    where one was.
    """
    place = scope.root.pk if scope.root else None
    return read_earlier_closings(scope.code, {place}, first_month(scope).first, scope.month.last)


def live(usage: MonthUsage) -> dict[str, Figure]:
    """The figures of a month as the tables say now."""
    others = {
        "K24": completion_rate(usage.departments, usage.month),
        "K26": one_on_one_rate(usage.departments, usage.month),
    }
    return usage_now(usage) | with_versions(others)


def usage_now(usage: MonthUsage) -> dict[str, Figure]:
    """Those of usage."""
    return with_versions(figures_of([usage]))


def frozen(scope: Scope) -> QuerySet[ReviewFigure]:
    """The frozen figures of the scope's own monthly reviews, oldest first; with the five what else
    of usage the reviews tell, since one can give the other away.
    """
    rows = ReviewFigure.objects.of(scope.code).filter(
        review__department=scope.root,
        review__cadence=Review.Cadence.MONTH,
        review__first__gte=first_month(scope).first,
        indicator__code__in=CODES | USAGE_CODES,
    )
    return rows.select_related("review", "indicator").order_by("review__first")


def first_month(scope: Scope) -> Period:
    """The first month that the trend can show."""
    month = scope.month
    for _month in range(MONTHS - 1):
        month = month.previous
    return month
