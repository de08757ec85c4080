"""The only access to goal sheets: fetching a sheet and logging the access are one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Goal, Sheet
from municipality.audit.log import operation, record
from municipality.organisation.models import Department, Member
from municipality.web.paging import page_of


@dataclass(frozen=True)
class OpenSheet:
    """A sheet that was opened, with its goals and the sum of their weights (%)."""

    sheet: Sheet
    goals: list[Goal]

    @property
    def weight(self) -> int:
        """Sum of the weights; 100 when it can be submitted."""
        return sum(goal.weight for goal in self.goals)


@operation
def open_sheet(member: Member, pk: int) -> OpenSheet:
    """Open a sheet with its goals; the access is logged. Raises Http404 when not visible."""
    sheet = find_sheet(member, pk)
    record(member, "sheet.read", sheet)
    return OpenSheet(sheet, list(sheet.goals.all()))


def find_sheet(member: Member, pk: int) -> Sheet:
    """Sheet to act on, without its goals, because the act is logged itself. Raises Http404 when not
    visible.
    """
    rows = Sheet.objects.visible_to(member).select_related(
        "period", "member", "evaluator", "department", "municipality"
    )
    return get_object_or_404(rows, pk=pk)


def own_sheets(member: Member) -> list[Sheet]:
    """One's own sheets, newest first: period and state, without goals."""
    return list(
        Sheet.objects.of(member.municipality_id)
        .filter(member=member)
        .select_related("period", "evaluator")
    )


def sheet_of(member: Member, period: EvaluationPeriod) -> Sheet | None:
    """One's own sheet of a period, to act on; None when there is none."""
    return (
        Sheet.objects.filter(member=member, period=period)
        .select_related("period", "member", "evaluator", "department")
        .first()
    )


@operation
def sheets_of_others(
    member: Member, period: EvaluationPeriod, number: Any = 1, *, late_on: date | None = None
) -> Page:
    """Sheets of a period that one evaluates (all for HR): person and state, without goals. One log
    entry for the page. With `late_on` those that are overdue on that day.
    """
    rows = Sheet.objects.visible_to(member).filter(period=period).exclude(member=member)
    rows = rows if late_on is None else rows.overdue(late_on)
    listed = page_of(rows.select_related("member", "department", "evaluator"), number)
    if listed.object_list:
        record(member, "sheet.listed", period, count=len(listed.object_list))
    return listed


def to_evaluate(member: Member) -> list[Any]:
    """By period: number of readable sheets of others, and of those that wait for one's own
    agreement. One query.
    """
    rows = Sheet.objects.visible_to(member).exclude(member=member).order_by("-period__starts_on")
    waiting = Q(state=Sheet.State.SUBMITTED, evaluator=member)
    grouped = rows.values("period", "period__name", "period__starts_on", "period__ends_on")
    return list(
        grouped.annotate(
            n=Count("pk"),
            agreed=Count("pk", filter=Q(state="agreed")),
            waiting=Count("pk", filter=waiting),
        )
    )


def agreed_by_department(departments: QuerySet[Department], period: EvaluationPeriod) -> list[Any]:
    """By department: numbers of sheets opened, submitted and agreed, without names. One query."""
    rows = Sheet.objects.filter(period=period, department__in=departments).order_by(
        "department__path"
    )
    handed_in = Q(state__in=[Sheet.State.SUBMITTED, Sheet.State.AGREED])
    grouped = rows.values("department__path", "department__name")
    return list(
        grouped.annotate(
            n=Count("pk"),
            handed_in=Count("pk", filter=handed_in),
            agreed=Count("pk", filter=Q(state="agreed")),
        )
    )


def without_evaluator(period: EvaluationPeriod) -> int:
    """Number of the period's sheets without an evaluator today, because no manager is in post."""
    return (
        Sheet.objects.filter(period=period, evaluator=None)
        .exclude(state=Sheet.State.AGREED)
        .count()
    )
