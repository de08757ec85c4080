"""The pages of 改善項目: all of them, one with its history, and everything one does to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from evaluation.pdca.actions import exports, operations
from evaluation.pdca.actions.forms import (
    ActionForm,
    ActionWordsForm,
    DueDateForm,
    HolderForm,
    OutcomeForm,
    ReasonForm,
    ReportForm,
    people_for,
)
from evaluation.pdca.actions.models import Action
from evaluation.pdca.actions.presenters import action_sheet, action_tabs, actions_listing
from evaluation.pdca.rules import may_finish, may_reopen, may_write_action
from municipality.core.refusals import anyone
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import may_see_names
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

JOINED = "review__department review__municipality who municipality continued_as"
FORM = "evaluation/pdca/actions/action_form.html"


@page(anyone)
def action_list(request: HttpRequest) -> HttpResponse:
    """Actions: one's own first, then all open ones, those past their day, and the finished."""
    tabs, rows, count = action_tabs(request)
    joined = rows.with_last_report().select_related(
        "review__department", "review__municipality", "who"
    )
    shown = page_of(joined, request.GET.get("page"), count=count)
    persons = bool(may_see_names(request.member))
    listing = actions_listing(request, shown, persons=persons)
    export = exports.actions(joined, request.member, persons=persons)
    context = {"listing": listing, "tabs": tabs, "export": export}
    return show(request, "evaluation/pdca/actions/actions.html", context)


@page(anyone, of=Action, related=JOINED)
def action_page(request: HttpRequest, action: Action) -> HttpResponse:
    """One action: who, until when, where it comes from, what happened, and the reports. A copy of
    the time when actions were copied leads to the action of today.
    """
    if action.continued_as is not None:
        return redirect(action.continued_as)
    return _page(request, action)


def _page(request: HttpRequest, action: Action, **bound: Any) -> HttpResponse:
    calendar = open_days(request.municipality)
    forms = {
        "report": ReportForm(calendar=calendar, today=request.today),
        "ending": OutcomeForm(),
        "reopening": ReasonForm(),
        **bound,
    }
    context = {**action_sheet(request, action), **forms, "form": next(iter(bound.values()), None)}
    return show(request, "evaluation/pdca/actions/action.html", context)


@page(may_write_action, of=Action, methods="GET POST", related=JOINED)
def action_edit(request: HttpRequest, action: Action) -> HttpResponse:
    """Change what, who or until when; what alone once the review is closed."""
    operations.require_unfinished(action)
    form = _edit_form(request, action)
    if valid(request, form):
        now = {"who": action.who, "due_on": action.due_on, **form.cleaned_data}
        now["edition"] = now["edition"] or 0
        operations.change_action(action, **now, by=request.member, now=request.now)
        return done(request, _("改善項目を変更しました。"), action.review)
    return show(request, FORM, {"form": form, "review": action.review, "action": action})


def _edit_form(request: HttpRequest, action: Action) -> Any:
    shown = ActionForm.shown(action)
    if not action.review.is_entering:
        return ActionWordsForm(request.POST or None, initial=shown)
    return ActionForm(
        request.POST or None,
        people=people_for(request.member, action),
        review=action.review,
        calendar=open_days(request.municipality),
        today=request.today,
        initial=shown,
    )


@page(may_finish, of=Action, methods="POST", related=JOINED)
def action_report(request: HttpRequest, action: Action) -> HttpResponse:
    """Report how far an action is (経過の報告)."""
    form = ReportForm(request.POST, calendar=open_days(request.municipality), today=request.today)
    if not valid(request, form):
        return _page(request, action, report=form)
    operations.report_on(action, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("経過を報告しました。"), action)


@page(may_write_action, of=Action, methods="GET POST", related=JOINED)
def action_due(request: HttpRequest, action: Action) -> HttpResponse:
    """Move the due date of an action, with the reason."""
    operations.require_unfinished(action)
    form = DueDateForm(
        request.POST or None,
        calendar=open_days(request.municipality),
        today=request.today,
        initial={"edition": action.edition, "due_on": request.GET.get("to", "")},
    )
    if valid(request, form):
        operations.move_due_date(action, **form.cleaned_data, by=request.member, now=request.now)
        return done(request, _("期限を変更し、担当者に知らせました。"), action)
    return show(request, FORM, {"form": form, "review": action.review, "action": action})


@page(may_write_action, of=Action, methods="GET POST", related=JOINED)
def action_holder(request: HttpRequest, action: Action) -> HttpResponse:
    """Give an action to somebody else, with the reason."""
    operations.require_unfinished(action)
    people = people_for(request.member)
    form = HolderForm(request.POST or None, people=people, initial={"edition": action.edition})
    if valid(request, form):
        operations.give_to(action, **form.cleaned_data, by=request.member, now=request.now)
        return done(request, _("担当を変更し、前の担当と新しい担当に知らせました。"), action)
    return show(request, FORM, {"form": form, "review": action.review, "action": action})


@page(may_reopen, of=Action, methods="POST", related=JOINED)
def action_reopen(request: HttpRequest, action: Action) -> HttpResponse:
    """Take a wrong completion or calling off back."""
    form = ReasonForm(request.POST)
    if not valid(request, form):
        return _page(request, action, reopening=form)
    operations.reopen_action(
        action, reason=form.cleaned_data["reason"], by=request.member, now=request.now
    )
    return done(request, _("改善項目を進行中に戻しました。"), action)


@page(may_finish, of=Action, methods="POST", related=JOINED)
def action_finish(request: HttpRequest, action: Action) -> HttpResponse:
    """Report an action done."""
    form = OutcomeForm(request.POST)
    if not valid(request, form):
        return _page(request, action, ending=form)
    operations.finish_action(
        action, outcome=form.cleaned_data["outcome"], by=request.member, now=request.now
    )
    return done(request, _("改善項目を完了しました。"), action)


@page(may_write_action, of=Action, methods="POST", related=JOINED)
def action_cancel(request: HttpRequest, action: Action) -> HttpResponse:
    """Call an action off."""
    form = OutcomeForm(request.POST)
    if not valid(request, form):
        return _page(request, action, ending=form)
    operations.cancel_action(
        action, outcome=form.cleaned_data["outcome"], by=request.member, now=request.now
    )
    return done(request, _("改善項目を取りやめました。"), action)
