"""展開申請: asking on the evidence, and one application."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show, valid
from pilots.expansion.forms import ExpansionForm, PlanForm
from pilots.expansion.operations import plans
from pilots.expansion.operations import requests as operations
from pilots.expansion.operations.requests import require_expandable
from pilots.expansion.presenters import sheet, weighed
from pilots.expansion.rules import may_change_expansion, may_change_plan, may_expand
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot


@page(may_expand, of=Pilot, methods="GET POST", related="lead municipality")
def expand(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Request the expansion of this pilot."""
    require_expandable(pilot)
    form = ExpansionForm(pilot, request.member, request.now, request.today, request.POST or None)
    if not valid(request, form):
        return show(
            request,
            "pilots/expansion/expand.html",
            {"form": form, "pilot": pilot, **weighed(pilot, request.now)},
        )
    values = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
    decision = operations.draft_application(pilot, **values, by=request.member, now=request.now)
    return done(
        request, _("根拠を固定し、起案しました。経路を確かめて、決裁に回してください。"), decision
    )


@page(anyone, of=Expansion, related="pilot__lead municipality requested_by")
def expansion_page(request: HttpRequest, expansion: Expansion) -> HttpResponse:
    """One expansion with its frozen evidence and its result."""
    return show(
        request, "pilots/expansion/expansion.html", sheet(expansion, request.member, request.today)
    )


@page(
    may_change_expansion,
    of=Expansion,
    methods="GET POST",
    related="pilot__lead pilot__municipality municipality",
)
def edit(request: HttpRequest, expansion: Expansion) -> HttpResponse:
    """Change a returned expansion; its evidence is measured again."""
    plans.require_draft(expansion)
    pilot = expansion.pilot
    form = ExpansionForm(
        pilot, request.member, request.now, request.today, request.POST or None, expansion=expansion
    )
    if not valid(request, form):
        context = {
            "form": form,
            "pilot": pilot,
            "expansion": expansion,
            **weighed(pilot, request.now),
        }
        return show(request, "pilots/expansion/expand.html", context)
    values = {**form.cleaned_data, "edition": form.cleaned_data["edition"] or 0}
    operations.change_expansion(expansion, **values, by=request.member, now=request.now)
    return done(request, _("展開申請を変更し、根拠を固定し直しました。"), expansion)


@page(may_change_expansion, of=Expansion, methods="POST", related="pilot__lead")
def submit(request: HttpRequest, expansion: Expansion) -> HttpResponse:
    """起案, or again after 差戻し: on to the decision's page, which shows the route and sends it."""
    decision = operations.draft_expansion(expansion, by=request.member, now=request.now)
    return redirect(decision)


@page(may_change_expansion, of=Expansion, methods="POST", related="pilot__lead")
def ask_for_route(request: HttpRequest, expansion: Expansion) -> HttpResponse:
    """Ask the office for help where one has no route for the application."""
    operations.ask_for_expansion_route(expansion, by=request.member, now=request.now)
    return done(request, _("事務局に依頼しました。"), expansion)


@page(
    may_change_plan,
    of=ExpansionDepartment,
    methods="GET POST",
    related="department lead expansion__pilot__lead expansion__municipality",
)
def plan(request: HttpRequest, plan: ExpansionDepartment) -> HttpResponse:
    """What the pilot of one receiving department will be."""
    plans.require_draft(plan.expansion)
    form = PlanForm(plan, request.member, request.today, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/expansion/plan.html", {"form": form, "plan": plan})
    values = {name: form.cleaned_data[name] for name in ("purpose", "scope", "lead")}
    plans.set_plan(
        plan,
        edition=form.cleaned_data["edition"] or 0,
        criteria=form.wanted,
        by=request.member,
        now=request.now,
        **values,
    )
    words = _("%(department)sの計画を変更しました。") % {"department": plan.department}
    return done(request, words, plan.expansion)
