"""Reading the figures of 状況一覧: what the reviews froze, and what the tables say now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
from municipality.organisation.models import Department
from pilots.days.breakdown import hidden_by_parts
from pilots.days.indicators import figures_of
from pilots.days.month_usage import MonthUsage, read_months
from pilots.days.rules import USAGE_CODES
from training.completions.indicators import completion_rate

Departments = Sequence[Department]


def read_figures(scope: Scope, usage: MonthUsage) -> Figures:
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
    is_closed = scope.month.key in closed
    if not is_closed and scope.departments:
        by_month[scope.month.key] = live(scope.departments, usage)
    months = earlier_months(scope, closed)
    now = {
        each.month.key: live(rows, each)
        if each.month.key == scope.month.previous.key and each.month.key not in closed
        else with_versions(figures_of(rows, [each]))
        for each, rows in months
    }
    by_month |= {key: now.pop(key) for key in now.keys() - closed.keys()}
    if is_closed:
        now[scope.month.key] = present(scope, usage)
    declared = {each.month.key: each.declared for each in (usage, *(one for one, _rows in months))}
    figures = Figures(scope, by_month, closed, now, declared=declared)
    if scope.gate.is_open:
        return figures
    earlier = earlier_closings(scope)
    by_parts = hidden_months(figures, earlier, [*months, (usage, scope.departments)])
    return replace(figures, earlier=earlier, by_parts=by_parts)


def hidden_months(
    figures: Figures, earlier: EarlierClosings, months: Iterable[tuple[MonthUsage, Departments]]
) -> dict[str, frozenset[str]]:
    """By month the codes that tell of one department, as they were told or as of now."""
    scope, published = figures.scope, Published(earlier=earlier)
    place = scope.root.pk if scope.root else None
    hidden = {}
    for usage, rows in months:
        missing = missing_in(figures.by_month.get(usage.month.key, {}))
        before = [missing_in(each) for each in published.before(place, usage.month)]
        hidden[usage.month.key] = hidden_by_parts(usage, rows, scope.gate, missing, before)
    return hidden


def earlier_closings(scope: Scope) -> EarlierClosings:
    """What the reviews of the trend's months told before they were opened again. One query, two
    where one was.
    """
    place = scope.root.pk if scope.root else None
    return read_earlier_closings(scope.code, {place}, first_month(scope).first, scope.month.last)


def earlier_months(scope: Scope, closed: Collection[str]) -> list[tuple[MonthUsage, Departments]]:
    """What the tables say now of usage in the months before the last, from the first closed one on,
    over the departments that their reviews counted, of which some may have ended. Six queries where
    there is such a month, eleven where these lie in two fiscal years.
    """
    first = min(map(date.fromisoformat, closed), default=scope.month.first)
    if first == scope.month.first:
        return []
    departments = Department.objects.visible_to(scope.member).order_by("path")
    rows = list(departments.below(scope.root.path) if scope.root else departments)
    days = (first, scope.month.previous.first)
    return [
        (usage, rows)
        for year in dict.fromkeys(Period.holding(Period.YEAR, day) for day in days)
        for usage in read_months(rows, year)
        if first <= usage.month.first < scope.month.first
    ]


def present(scope: Scope, usage: MonthUsage) -> dict[str, Figure]:
    """What the tables say now of the last month after its closing; what is not of usage is read
    only for who may be told of it.
    """
    return (
        live(scope.departments, usage)
        if scope.gate.is_open
        else figures_of(scope.departments, [usage])
    )


def live(departments: Departments, usage: MonthUsage) -> dict[str, Figure]:
    """The figures of a month as the tables say now."""
    figures = {
        **figures_of(departments, [usage]),
        "K24": completion_rate(departments, usage.month),
        "K26": one_on_one_rate(departments, usage.month),
    }
    return with_versions(figures)


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
