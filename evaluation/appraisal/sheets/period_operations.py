"""Correcting an evaluation period that was set up by mistake, while nobody has written a sheet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.operations import require_free
from evaluation.appraisal.schemes.rules import may_run_periods
from evaluation.appraisal.sheets.models import Sheet
from municipality.audit.log import operation, record
from municipality.core.periods import fiscal_year_of
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Member


@operation
def change_period(
    period: EvaluationPeriod,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    goals_due_on: date,
    agree_due_on: date,
    edition: int,
    by: Member,
) -> EvaluationPeriod:
    """Change name and days; sheets that are open get the new day for their goals, too."""
    require(may_run_periods(by, period))
    require_unwritten(period)
    others = EvaluationPeriod.objects.of(period.municipality_id).exclude(pk=period.pk)
    require_free(others, name, starts_on, ends_on)
    change(
        period,
        edition=edition,
        name=name,
        fiscal_year=fiscal_year_of(starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        goals_due_on=goals_due_on,
        agree_due_on=agree_due_on,
    )
    Sheet.objects.filter(period=period).update(goals_due_on=goals_due_on)
    record(by, "period.changed", period)
    return period


@operation
def withdraw_period(period: EvaluationPeriod, *, by: Member) -> int:
    """Take a period back with its unwritten sheets; how many these were. The log keeps that it was
    there.
    """
    require(may_run_periods(by, period))
    require_unwritten(period)
    sheets = Sheet.objects.filter(period=period)
    count = sheets.count()
    record(by, "period.withdrawn", period, sheets=count)
    sheets.delete()
    period.delete()
    return count


def require_unwritten(period: EvaluationPeriod) -> None:
    """Raises Conflict when somebody has written in a sheet of the period."""
    if Sheet.objects.filter(period=period).written().exists():
        raise Conflict(
            _("目標を入力した人がいるため、この評価期間は変更も取消しもできません。"),
            period.get_absolute_url(),
        )
