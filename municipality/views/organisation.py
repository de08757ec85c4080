"""組織の確認 and 職務: what lacks its person, and who carries which duty."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.exports import organisation as exports
from municipality.forms_transfers import DutyChangeForm, DutyForm
from municipality.gaps import gaps_of, people_gaps
from municipality.models import Duty, Post
from municipality.operations import duties as operations
from municipality.operations.reading import note_reading
from municipality.pages import done, page, show, valid
from municipality.roster import roster_on
from municipality.rules import is_office
from municipality.transfer_page import grouped

MOST_PAST = 100


@page(is_office)
def organisation_check(request: HttpRequest) -> HttpResponse:
    """What would keep work from finding its person today, each with the form that mends it."""
    body, roster = request.municipality, roster_on(request.municipality, request.today)
    posts = dict(Post.objects.of(body).values_list("pk", "title"))
    gaps = gaps_of(body, roster, posts) + people_gaps(body, roster, request.now)
    note_reading("people.read", by=request.member, count=len(gaps), page="check")
    return show(request, "municipality/organisation_check.html", {"groups": grouped(gaps, body.pk), "count": len(gaps)})


@page(is_office, methods="GET POST")
def duties_page(request: HttpRequest) -> HttpResponse:
    """Who carries which duty, now and to come, what was, and a form to give one."""
    form = DutyForm(request.municipality, request.POST or None, initial={"starts_on": request.today})
    if valid(request, form):
        facts = form.cleaned_data
        operations.assign_duty(facts.pop("member"), facts.pop("kind"), **facts, by=request.member, now=request.now)
        return done(request, _("職務を付与しました。"), _address(request))
    return show(request, "municipality/duties.html", {"form": form, **_duties(request)})


def _duties(request: HttpRequest) -> dict[str, Any]:
    rows = Duty.objects.of(request.municipality).select_related("member", "department")
    past = rows.filter(ends_on__lt=request.today).order_by("-ends_on", "-pk")
    running = rows.exclude(ends_on__lt=request.today).order_by("kind", "department__path", "starts_on")
    export = exports.duties(rows.order_by("kind", "department__path", "starts_on"))
    return {"running": list(running), "past": list(past[:MOST_PAST]), "export": export}


def _address(request: HttpRequest) -> str:
    return reverse("municipality:duties", args=[request.municipality.pk])


@page(is_office, of=Duty, methods="GET POST", related="member department")
def duty_page(request: HttpRequest, duty: Duty) -> HttpResponse:
    """End a duty, or hand it to somebody else from a day on."""
    form = DutyChangeForm(request.municipality, duty, request.POST or None)
    if not valid(request, form):
        return show(request, "municipality/duty.html", {"form": form, "duty": duty})
    facts = form.cleaned_data
    operations.end_duty(
        duty, on=facts["on"], to=facts["member"], edition=facts["edition"], by=request.member, now=request.now
    )
    said = _("職務を引き継ぎました。") if facts["member"] else _("職務を終えました。")
    return done(request, said, _address(request))
