"""The list of pilots, one pilot, and its next steps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show, valid
from pilots.lifecycle.forms import FinishForm
from pilots.lifecycle.listing import listed
from pilots.lifecycle.operations import decisions as operations_decisions
from pilots.lifecycle.operations import steps as operations_steps
from pilots.lifecycle.presenters import sheet
from pilots.planning.models import Pilot
from pilots.planning.rules import may_run


@page(anyone)
def pilot_list(request: HttpRequest) -> HttpResponse:
    """The pilots in sight, the latest first."""
    context = listed(request.member, request.GET, request.today)
    return show(request, "pilots/lifecycle/pilots.html", context)


@page(anyone, of=Pilot, related="lead municipality expansion")
def pilot_page(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """One pilot: plan, criteria, participants, progress, and next actions."""
    return show(
        request,
        "pilots/lifecycle/pilot.html",
        sheet(pilot, request.member, request.today, request.GET.get("page", "1")),
    )


@page(may_run, of=Pilot, methods="POST")
def request_decision(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """起案: on to the decision's page, which shows the route and sends it."""
    decision = operations_decisions.draft_pilot_decision(pilot, by=request.member, now=request.now)
    return redirect(decision)


@page(may_run, of=Pilot, methods="POST")
def ask_for_route(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Ask the office for help where one has no route for the pilot's decision."""
    operations_decisions.ask_for_pilot_route(pilot, by=request.member, now=request.now)
    return done(request, _("事務局に依頼しました。"), pilot)


@page(may_run, of=Pilot, methods="POST")
def start(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Start the pilot."""
    operations_steps.start_pilot(pilot, by=request.member, now=request.now)
    return done(request, _("試行を始めました。"), pilot)


@page(may_run, of=Pilot, methods="POST")
def evaluate(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Start the evaluation; once it has started, take in what came since."""
    if pilot.state == Pilot.State.EVALUATING:
        operations_steps.measure_again(pilot, by=request.member, now=request.now)
        return done(request, _("数値を集計し直して固定しました。"), pilot)
    operations_steps.begin_evaluation(pilot, by=request.member, now=request.now)
    return done(request, _("評価を始めました。展開を申請するか、結果を記録してください。"), pilot)


@page(may_run, of=Pilot, methods="GET POST")
def finish(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Finish the pilot with an outcome."""
    operations_steps.refuse_unless_ending(pilot)
    form = FinishForm(pilot, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/lifecycle/finish.html", {"form": form, "pilot": pilot})
    operations_steps.finish_pilot(pilot, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("試行の結果を記録しました。"), pilot)
