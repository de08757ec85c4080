"""Planning an evaluation period."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from evaluation.appraisal.schemes.models import EvaluationPeriod, EvaluationPeriodQuerySet
from evaluation.appraisal.schemes.rules import may_run_periods
from municipality.audit.log import operation, record
from municipality.core.periods import fiscal_year_of
from municipality.core.refusals import Conflict, require
from municipality.organisation.models import Member


@operation
def plan_period(
    *, name: str, starts_on: date, ends_on: date, goals_due_on: date, agree_due_on: date, by: Member
) -> EvaluationPeriod:
    """Set up an evaluation period; its sheets are opened later by `open_sheets`."""
    require(may_run_periods(by))
    require_free(EvaluationPeriod.objects.of(by.municipality_id), name, starts_on, ends_on)
    period = EvaluationPeriod.objects.create(
        municipality_id=by.municipality_id,
        name=name,
        fiscal_year=fiscal_year_of(starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        goals_due_on=goals_due_on,
        agree_due_on=agree_due_on,
    )
    record(by, "period.planned", period)
    return period


def require_free(others: EvaluationPeriodQuerySet, name: str, first: date, last: date) -> None:
    """Raises Conflict when another period has the name, or shares a day with these days."""
    if others.filter(name=name).exists():
        raise Conflict(_("同じ名称の評価期間があります。"))
    taken = others.overlapping(first, last).first()
    if taken is not None:
        raise Conflict(overlap_words(taken), taken.get_absolute_url())


def overlap_words(taken: EvaluationPeriod) -> str:
    """Why a second period of the same days is refused."""
    return _("評価期間「%(name)s」と日が重なります。期間を直すか、そちらを変更してください。") % {
        "name": taken.name
    }
