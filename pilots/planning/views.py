"""Pages of planning a pilot."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.web.pages import done, page, show, valid
from pilots.planning import operations as planning_operations
from pilots.planning.forms import PilotForm
from pilots.planning.models import Pilot
from pilots.planning.operations import require_planned
from pilots.planning.rules import may_plan, may_run


@page(may_plan, methods="GET POST")
def new(request: HttpRequest) -> HttpResponse:
    """Plan a pilot."""
    form = PilotForm(request.member, request.today, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/planning/plan.html", {"form": form})
    values = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
    pilot = planning_operations.plan_pilot(**values, by=request.member, now=request.now)
    return done(request, _("試行を計画しました。続けて成功の基準を決めてください。"), pilot)


@page(may_run, of=Pilot, methods="GET POST", related="lead")
def edit(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Change the plan, while it is planned."""
    require_planned(pilot)
    form = PilotForm(request.member, request.today, request.POST or None, pilot=pilot)
    if not valid(request, form):
        return show(request, "pilots/planning/plan.html", {"form": form, "pilot": pilot})
    values = {**form.cleaned_data, "edition": form.cleaned_data["edition"] or 0}
    planning_operations.change_pilot(pilot, **values, by=request.member, now=request.now)
    return done(request, _("試行の計画を変更しました。"), pilot)
