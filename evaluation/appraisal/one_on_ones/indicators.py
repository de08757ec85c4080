"""Rate of 1on1 held (K26). Their content is never read."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair
from evaluation.appraisal.sheets.indicators import Departments
from municipality.core.figures import Figure, mean_of
from municipality.core.periods import Period


def one_on_one_rate(departments: Departments, period: Period) -> Figure:
    """K26 1on1実施率 (%): pairs that met at least once in the month over the pairs that were to
    meet; a longer period is the mean of its months. One query for each month.
    """
    months = [_of_month(departments, month) for month in _months(period)]
    return months[0] if len(months) == 1 else mean_of(months)


def _months(period: Period) -> list[Period]:
    return [month for part in period.parts for month in _months(part)] or [period]


def _of_month(departments: Departments, period: Period) -> Figure:
    met = OneOnOne.objects.filter(pair=OuterRef("pk"), held_on__range=(period.first, period.last))
    pairs = Pair.objects.filter(department__in=departments).running(period.first, period.last)
    counts = pairs.order_by().aggregate(held=Count("pk", filter=Q(Exists(met))), all=Count("pk"))
    return Figure(counts["held"], counts["all"], kind="rate")
