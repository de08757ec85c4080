"""The settings of decisions: routes, deputies and absences."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.addresses import page_address
from municipality.core.registry import subjects
from municipality.decisions.forms.settings import (
    AbsenceOfForm,
    DeputyForm,
    RouteForm,
    stage_forms,
    stages_of,
)
from municipality.decisions.models import Absence, Deputy, RouteTemplate
from municipality.decisions.operations import deputies, route_templates
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, valid


@page(is_office, methods="GET POST")
def routes_page(request: HttpRequest) -> HttpResponse:
    """The routes in use, and a form to set the route of a matter."""
    form = RouteForm(request.municipality, request.POST or None)
    stages = stage_forms(request.municipality, request.POST or None)
    if valid(request, form) and (laid := stages_of(form, stages)) and form.is_valid():
        route_templates.set_route(
            request.municipality,
            **form.cleaned_data,
            stages=laid,
            by=request.member,
            now=request.now,
        )
        return done(
            request,
            _("決裁経路を設定しました。"),
            page_address("municipality:routes", request.municipality.pk),
        )
    return show_setting(
        request,
        "routes",
        "municipality/decisions/routes.html",
        {"form": form, "stages": stages, "routes": _routes(request)},
    )


def _routes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every matter with its routes in use; none where the office has set none. Three queries."""
    rows = (
        RouteTemplate.objects.visible_to(request.member)
        .filter(is_active=True)
        .select_related("department")
    )
    used: dict[str, list[RouteTemplate]] = {}
    for row in rows.prefetch_related("steps__post", "steps__department").order_by("pk"):
        used.setdefault(row.matter, []).append(row)
    return [
        {"label": subject.label, "routes": used.get(subject.matter, [])}
        for subject in subjects().values()
    ]


@page(is_office, of=RouteTemplate, methods="POST")
def route_stop(request: HttpRequest, route: RouteTemplate) -> HttpResponse:
    """Stop using a route."""
    route_templates.stop_route(route, by=request.member, now=request.now)
    return done(
        request,
        _("決裁経路の使用をやめました。"),
        page_address("municipality:routes", request.municipality.pk),
    )


@page(is_office, methods="GET POST")
def deputies_page(request: HttpRequest) -> HttpResponse:
    """Deputies, and a form to name another one."""
    form = DeputyForm(
        request.municipality, request.POST or None, initial={"starts_on": request.today}
    )
    if valid(request, form):
        deputies.name_deputy(**form.cleaned_data, by=request.member, now=request.now)
        return done(
            request,
            _("代決する人を指定しました。"),
            page_address("municipality:deputies", request.municipality.pk),
        )
    return show_setting(
        request,
        "deputies",
        "municipality/decisions/deputies.html",
        {"form": form, **_away(request), "deputy_form": form},
    )


def _away(request: HttpRequest) -> dict[str, Any]:
    """Deputies and absences from today on, and an empty form for each."""
    body = request.municipality
    named = (
        Deputy.objects.of(body)
        .exclude(ends_on__lt=request.today)
        .select_related("member", "department", "post")
    )
    absences = Absence.objects.of(body).filter(ends_on__gte=request.today).select_related("member")
    labels = {subject.matter: subject.label for subject in subjects().values()}
    rows = named.order_by("department__code", "starts_on")
    return {
        "deputies": [(row, labels.get(row.matter, row.matter)) for row in rows],
        "absences": absences.order_by("starts_on"),
        "deputy_form": DeputyForm(body, initial={"starts_on": request.today}),
        "absence_form": AbsenceOfForm(body, prefix="away"),
    }


@page(is_office, of=Deputy, methods="POST", related="member department post")
def deputy_remove(request: HttpRequest, deputy: Deputy) -> HttpResponse:
    """End a deputy's naming."""
    deputies.remove_deputy(deputy, by=request.member, now=request.now)
    return done(
        request,
        _("代決する人の指定を取り消しました。"),
        page_address("municipality:deputies", request.municipality.pk),
    )


@page(is_office, methods="POST")
def absence_note(request: HttpRequest) -> HttpResponse:
    """Record an absence, by the office."""
    form = AbsenceOfForm(request.municipality, request.POST, prefix="away")
    if not valid(request, form):
        return show_setting(
            request,
            "deputies",
            "municipality/decisions/deputies.html",
            {"form": form, **_away(request), "absence_form": form},
        )
    deputies.add_absence(**form.cleaned_data, by=request.member, now=request.now)
    return done(
        request,
        _("不在を登録しました。"),
        page_address("municipality:deputies", request.municipality.pk),
    )
