"""The list of pilots, one pilot, and what is done with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.pages import done, page, show, valid
from municipality.rules import anyone
from pilots import operations
from pilots.forms import CriteriaForm, FinishForm, PilotForm
from pilots.listing import listed
from pilots.models import Pilot
from pilots.operations.planning import require_planned
from pilots.pilot_sheet import sheet
from pilots.rules import may_plan, may_run


@page(anyone)
def pilot_list(request: HttpRequest) -> HttpResponse:
    """The pilots in sight, the latest first."""
    return show(request, "pilots/pilots.html", listed(request.member, request.GET))


@page(may_plan, methods="GET POST")
def new(request: HttpRequest) -> HttpResponse:
    """Plan a pilot."""
    form = PilotForm(request.member, request.today, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/plan.html", {"form": form})
    facts = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
    pilot = operations.plan_pilot(**facts, by=request.member, now=request.now)
    return done(request, _("試行を計画しました。続けて成功の基準を決めてください。"), pilot)


@page(anyone, of=Pilot, related="lead municipality expansion")
def pilot_page(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """One pilot: what, by what it is judged, who takes part, how it goes, and what comes next."""
    return show(request, "pilots/pilot.html", sheet(pilot, request.member, request.today, request.GET.get("page", "1")))


@page(may_run, of=Pilot, methods="GET POST")
def edit(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Change the plan, while it is planned."""
    require_planned(pilot)
    form = PilotForm(request.member, request.today, request.POST or None, pilot=pilot)
    if not valid(request, form):
        return show(request, "pilots/plan.html", {"form": form, "pilot": pilot})
    facts = {**form.cleaned_data, "edition": form.cleaned_data["edition"] or 0}
    operations.change_pilot(pilot, **facts, by=request.member, now=request.now)
    return done(request, _("試行の計画を変更しました。"), pilot)


@page(may_run, of=Pilot, methods="GET POST")
def criteria(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Fix by what the pilot will be judged."""
    require_planned(pilot)
    form = CriteriaForm(pilot, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/criteria.html", {"form": form, "pilot": pilot})
    edition = form.cleaned_data["edition"] or 0
    operations.fix_criteria(pilot, criteria=form.wanted, edition=edition, by=request.member, now=request.now)
    return done(request, _("成功の基準を固定しました。"), pilot)


@page(may_run, of=Pilot, methods="POST")
def request_decision(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """決裁に回す."""
    decision = operations.request_pilot_decision(pilot, by=request.member, now=request.now)
    return done(request, _("決裁に回しました。"), decision)


@page(may_run, of=Pilot, methods="POST")
def start(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Begin."""
    operations.start_pilot(pilot, by=request.member, now=request.now)
    return done(request, _("試行を始めました。"), pilot)


@page(may_run, of=Pilot, methods="POST")
def evaluate(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Begin to evaluate."""
    operations.begin_evaluation(pilot, by=request.member, now=request.now)
    return done(request, _("評価を始めました。展開を申請するか、結果を記録してください。"), pilot)


@page(may_run, of=Pilot, methods="GET POST")
def finish(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """End it with its outcome."""
    form = FinishForm(pilot, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/finish.html", {"form": form, "pilot": pilot})
    operations.finish_pilot(pilot, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("試行の結果を記録しました。"), pilot)
