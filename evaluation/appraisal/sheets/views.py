"""Pages of goals: one's own sheets, sheets to evaluate, one sheet, and HR's evaluation periods."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.appraisal.access.evaluators import departments_overseen
from evaluation.appraisal.access.rules import may_see_numbers, works_here
from evaluation.appraisal.schemes import operations as schemes_operations
from evaluation.appraisal.schemes.forms import EvaluationPeriodChangeForm, EvaluationPeriodForm
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.rules import may_run_periods
from evaluation.appraisal.sheets import exports, presenters, records
from evaluation.appraisal.sheets import operations as sheets_operations
from evaluation.appraisal.sheets.forms import GoalsForm, ReturnGoalsForm
from evaluation.appraisal.sheets.period_operations import (
    change_period,
    require_unwritten,
    withdraw_period,
)
from evaluation.appraisal.sheets.rules import may_agree, may_write_goals
from evaluation.appraisal.sheets.steps import steps_of
from municipality.core.refusals import Conflict, require
from municipality.organisation.open_days import open_days
from municipality.web.pages import done, page, show, valid


@page(works_here, personal=True)
def sheet_list(request: HttpRequest) -> HttpResponse:
    """One's own sheets, and per period those one evaluates."""
    others = records.to_evaluate(request.member)
    periods = EvaluationPeriod.objects.visible_to(request.member)
    context = {
        "own": presenters.own_listing(records.own_sheets(request.member), request.today),
        "others": presenters.others_listing(others, request.municipality.pk),
        "may_run": may_run_periods(request.member),
        "may_see_numbers": may_see_numbers(request.member),
        "periods": presenters.periods_listing(periods, request.today),
    }
    return show(request, "evaluation/appraisal/sheets/sheets.html", context)


@page(may_run_periods, methods="GET POST", personal=True)
def period_new(request: HttpRequest) -> HttpResponse:
    """Create an evaluation period."""
    known = EvaluationPeriod.objects.visible_to(request.member)
    form = EvaluationPeriodForm(
        request.POST or None, calendar=open_days(request.municipality), periods=known
    )
    if valid(request, form):
        period = schemes_operations.plan_period(**form.cleaned_data, by=request.member)
        return done(
            request, _("評価期間を設定しました。内容を確かめて、シートを開いてください。"), period
        )
    return show(request, "evaluation/appraisal/sheets/period_new.html", {"form": form})


@page(may_run_periods, of=EvaluationPeriod, methods="GET POST", personal=True)
def period_edit(request: HttpRequest, period: EvaluationPeriod) -> HttpResponse:
    """Correct name and days of a period while nobody has written a sheet."""
    require_unwritten(period)
    others = EvaluationPeriod.objects.visible_to(request.member).exclude(pk=period.pk)
    form = EvaluationPeriodChangeForm(
        request.POST or None,
        calendar=open_days(request.municipality),
        periods=others,
        initial=EvaluationPeriodChangeForm.shown(period),
    )
    if valid(request, form):
        change_period(period, **form.cleaned_data, by=request.member)
        return done(request, _("評価期間を変更しました。"), period)
    context = {"form": form, "period": period}
    return show(request, "evaluation/appraisal/sheets/period_edit.html", context)


@page(may_run_periods, of=EvaluationPeriod, methods="POST", personal=True)
def period_withdraw(request: HttpRequest, period: EvaluationPeriod) -> HttpResponse:
    """Take back a period that was set up by mistake."""
    withdraw_period(period, by=request.member)
    address = reverse("evaluation:sheets", args=[request.municipality.pk])
    return done(request, _("評価期間を取り消しました。"), address)


@page(works_here, of=EvaluationPeriod, personal=True)
def period_page(request: HttpRequest, period: EvaluationPeriod) -> HttpResponse:
    """A period: sheets to evaluate (all for HR), and for leaders of departments the numbers of
    agreed ones.
    """
    departments = departments_overseen(request.member)
    late = request.today if request.GET.get("tab") == "late" else None
    rows = records.sheets_of_others(request.member, period, request.GET.get("page"), late_on=late)
    runs = may_run_periods(request.member, period)
    context = {
        "period": period,
        "sheets": presenters.sheets_listing(rows, request.today, evaluators=bool(runs)),
        "late": late,
        "tabs": presenters.sheet_tabs(late=late is not None),
        "may_correct": bool(runs) and not period.sheets.written().exists(),
        "export": exports.sheets(period, rows.paginator.object_list, evaluators=bool(runs)),
        "own": records.sheet_of(request.member, period),
        "numbers": presenters.numbers_listing(
            records.agreed_by_department(departments, period)
            if may_see_numbers(request.member)
            else ()
        ),
        "may_run": runs,
        "orphans": records.without_evaluator(period) if runs else 0,
    }
    return show(request, "evaluation/appraisal/sheets/period.html", context)


@page(may_run_periods, of=EvaluationPeriod, methods="POST", personal=True)
def period_open(request: HttpRequest, period: EvaluationPeriod) -> HttpResponse:
    """Open the sheets, or those of people who came since."""
    count = sheets_operations.open_sheets(period, by=request.member, now=request.now)
    return done(request, _("目標シートを%(count)s枚開きました。") % {"count": count}, period)


@page(works_here, personal=True)
def sheet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet with its goals."""
    return _sheet(request, pk, ReturnGoalsForm())


def _sheet(request: HttpRequest, pk: int, form: ReturnGoalsForm) -> HttpResponse:
    opened = records.open_sheet(request.member, pk)
    sheet = opened.sheet
    context = {
        "opened": opened,
        "sheet": sheet,
        "form": form,
        "steps": steps_of(sheet),
        "may_write": may_write_goals(request.member, sheet) and sheet.is_open_to_its_member,
        "may_agree": may_agree(request.member, sheet) and sheet.state == sheet.State.SUBMITTED,
        "whole": sheets_operations.WHOLE,
    }
    return show(request, "evaluation/appraisal/sheets/sheet.html", context)


@page(works_here, methods="GET POST", personal=True)
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the goals of one's own sheet."""
    opened = records.open_sheet(request.member, pk)
    require(may_write_goals(request.member, opened.sheet))
    if not opened.sheet.is_open_to_its_member:
        raise Conflict(sheets_operations.why_fixed(opened.sheet), opened.sheet.get_absolute_url())
    form = GoalsForm(
        request.POST or None, goals=opened.goals, initial={"edition": opened.sheet.edition}
    )
    if valid(request, form):
        cleaned = form.cleaned_data
        sheets_operations.save_goals(
            opened.sheet, goals=cleaned["goals"], edition=cleaned["edition"], by=request.member
        )
        return done(request, _("目標を保存しました。"), opened.sheet)
    return show(
        request, "evaluation/appraisal/sheets/goals.html", {"form": form, "sheet": opened.sheet}
    )


@page(works_here, methods="POST", personal=True)
def sheet_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit the goals."""
    sheet = records.find_sheet(request.member, pk)
    sheets_operations.submit_goals(sheet, by=request.member, now=request.now)
    return done(request, _("目標を提出しました。評価者との面談を経て確定します。"), sheet)


@page(works_here, methods="POST", personal=True)
def sheet_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to the goals after the interview."""
    sheet = records.find_sheet(request.member, pk)
    sheets_operations.agree_goals(sheet, by=request.member, now=request.now)
    return done(request, _("目標を確定しました。"), sheet)


@page(works_here, methods="POST", personal=True)
def sheet_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the goals back with a reason."""
    sheet, form = records.find_sheet(request.member, pk), ReturnGoalsForm(request.POST)
    require(may_agree(request.member, sheet))
    if not valid(request, form):
        return _sheet(request, pk, form)
    sheets_operations.return_goals(
        sheet, comment=form.cleaned_data["comment"], by=request.member, now=request.now
    )
    return done(
        request,
        _("目標を差し戻しました。"),
        reverse("evaluation:sheets", args=[sheet.municipality_id]),
    )
