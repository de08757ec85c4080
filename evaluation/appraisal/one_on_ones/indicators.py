"""Rate of 1on1 held (K26). Their content is never read."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair
from evaluation.appraisal.sheets.indicators import Departments
from municipality.core.periods import Figure, Period


def one_on_one_rate(departments: Departments, period: Period) -> Figure:
    """K26 1on1実施率 (%): pairs that met at least once in the period over the pairs that were to
    meet. One query.
    """
    met = OneOnOne.objects.filter(pair=OuterRef("pk"), held_on__range=(period.first, period.last))
    pairs = Pair.objects.filter(department__in=departments).running(period.first, period.last)
    counts = pairs.order_by().aggregate(held=Count("pk", filter=Q(Exists(met))), all=Count("pk"))
    return Figure(counts["held"], counts["all"], is_rate=True)
