"""Rate of agreed goals (K27). Their content is never read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, Q, QuerySet
from django.utils import timezone

from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Sheet
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.organisation.models import Department
from municipality.organisation.queries import outside_staff

Departments = Iterable[Department] | QuerySet


def goals_agreed(departments: Departments, period: Period) -> Figure:
    """K27 目標設定完了率 (%): sheets agreed by the period's last day, over the sheets of evaluation
    periods that touch it. Sheets of people who are no staff are left out. One query.
    """
    touching = EvaluationPeriod.objects.filter(
        starts_on__lte=period.last, ends_on__gte=period.first
    )
    sheets = Sheet.objects.filter(
        ~Exists(outside_staff()),
        department__in=departments,
        period__in=touching,
        opened_at__lt=end_of(period),
    )
    agreed = Q(agreed_at__lt=end_of(period))
    counts = sheets.order_by().aggregate(agreed=Count("pk", filter=agreed), all=Count("pk"))
    return Figure(counts["agreed"], counts["all"], kind="rate")


def end_of(period: Period) -> datetime:
    """Start of the day (Japan) after the period's last day."""
    return timezone.make_aware(datetime.combine(period.last + timedelta(days=1), time.min))
