"""Page of fixing the success criteria."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.web.pages import done, page, show, valid
from pilots.planning.models import Pilot
from pilots.planning.operations import require_planned
from pilots.planning.rules import may_run
from pilots.results import operations as results_operations
from pilots.results.forms import CriteriaForm


@page(may_run, of=Pilot, methods="GET POST")
def criteria(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """Fix the success criteria."""
    require_planned(pilot)
    form = CriteriaForm(pilot, request.today, request.POST or None)
    if not valid(request, form):
        return show(request, "pilots/results/criteria.html", {"form": form, "pilot": pilot})
    edition = form.cleaned_data["edition"] or 0
    results_operations.fix_criteria(
        pilot, criteria=form.wanted, edition=edition, by=request.member, now=request.now
    )
    return done(request, _("成功の基準を固定しました。"), pilot)
