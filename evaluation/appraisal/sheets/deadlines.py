"""Deadlines of goals: writing and agreeing them."""

from __future__ import annotations

from datetime import date

from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Sheet
from municipality.deadlines.kinds import LEADING, due_rows
from municipality.organisation.models import Municipality


def goals_to_write(municipality: Municipality, today: date):
    """Sheets that their person has not submitted."""
    rows = Sheet.objects.of(municipality).filter(
        state__in=[Sheet.State.DRAFT, Sheet.State.RETURNED],
        period__state=EvaluationPeriod.State.OPEN,
        period__ends_on__gte=today,
    )
    return due_rows(
        rows,
        "sheet.goals",
        due="goals_due_on",
        opened="opened_at__date",
        member="member_id",
        path="department__path",
        title="period__name",
        above="evaluator_id",
    )


def goals_to_agree(municipality: Municipality, today: date):
    """Sheets that wait for the interview and the evaluator's agreement."""
    rows = Sheet.objects.of(municipality).filter(
        state=Sheet.State.SUBMITTED, evaluator__isnull=False
    )
    return due_rows(
        rows,
        "sheet.agree",
        due="agree_due_on",
        opened="submitted_at__date",
        member="evaluator_id",
        path="department__path",
        title="period__name",
        note="member__name",
        role=LEADING,
    )
