"""What this room counts itself: whether talks were held (K26) and goals agreed (K27). Never what was said or written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from municipality.models import Department
from municipality.periods import Figure, Period

from .models import EvaluationPeriod, OneOnOne, Pair, Sheet

Departments = Iterable[Department] | QuerySet


def one_on_one_rate(departments: Departments, period: Period) -> Figure:
    """K26 1on1実施率 (%): pairs that met at least once in the period over the pairs that were to meet. One query."""
    met = OneOnOne.objects.filter(pair=OuterRef("pk"), held_on__range=(period.first, period.last))
    pairs = Pair.objects.filter(department__in=departments).running(period.first, period.last)
    found = pairs.order_by().aggregate(held=Count("pk", filter=Q(Exists(met))), all=Count("pk"))
    return Figure(found["held"], found["all"], is_rate=True)


def goals_agreed(departments: Departments, period: Period) -> Figure:
    """K27 目標設定完了率 (%): sheets agreed by the period's last day, over the sheets of evaluation periods that touch it.
    One query.
    """
    touching = EvaluationPeriod.objects.filter(starts_on__lte=period.last, ends_on__gte=period.first)
    sheets = Sheet.objects.filter(department__in=departments, period__in=touching, opened_at__lt=end_of(period))
    agreed = Q(agreed_at__lt=end_of(period))
    found = sheets.order_by().aggregate(agreed=Count("pk", filter=agreed), all=Count("pk"))
    return Figure(found["agreed"], found["all"], is_rate=True)


def end_of(period: Period) -> datetime:
    """The first moment (Japan) after the period's last day."""
    return timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time.min))
