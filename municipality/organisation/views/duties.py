"""The pages of 職務: who holds which duty from when to when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.addresses import page_address
from municipality.organisation import exports
from municipality.organisation.forms import DutyChangeForm, DutyForm
from municipality.organisation.models import Duty
from municipality.organisation.operations import duties as operations
from municipality.organisation.presenters import past_duties, running_duties
from municipality.organisation.rules import is_office
from municipality.web.pages import done, page, show, valid

MOST_PAST = 100


@page(is_office, methods="GET POST")
def duties_page(request: HttpRequest) -> HttpResponse:
    """Who carries which duty, now and to come, what was, and a form to give one."""
    form = DutyForm(
        request.municipality, request.POST or None, initial={"starts_on": request.today}
    )
    if valid(request, form):
        values = form.cleaned_data
        operations.assign_duty(
            values.pop("member"), values.pop("kind"), **values, by=request.member, now=request.now
        )
        return done(
            request,
            _("職務を付与しました。"),
            page_address("municipality:duties", request.municipality.pk),
        )
    return show(
        request, "municipality/organisation/duties.html", {"form": form, **_duties(request)}
    )


def _duties(request: HttpRequest) -> dict[str, Any]:
    rows = Duty.objects.of(request.municipality).select_related("member", "department")
    past = rows.filter(ends_on__lt=request.today).order_by("-ends_on", "-pk")
    running = rows.exclude(ends_on__lt=request.today).order_by(
        "kind", "department__path", "starts_on"
    )
    export = exports.duties(rows.order_by("kind", "department__path", "starts_on"))
    return {
        "running": running_duties(running),
        "past": past_duties(past[:MOST_PAST]),
        "export": export,
    }


@page(is_office, of=Duty, methods="GET POST", related="member department")
def duty_page(request: HttpRequest, duty: Duty) -> HttpResponse:
    """End a duty, or hand it to somebody else from a day on."""
    form = DutyChangeForm(request.municipality, duty, request.POST or None)
    if not valid(request, form):
        return show(request, "municipality/organisation/duty.html", {"form": form, "duty": duty})
    values = form.cleaned_data
    operations.end_duty(
        duty,
        on=values["on"],
        to=values["member"],
        edition=values["edition"],
        by=request.member,
        now=request.now,
    )
    said = _("職務を引き継ぎました。") if values["member"] else _("職務を終えました。")
    return done(request, said, page_address("municipality:duties", request.municipality.pk))
