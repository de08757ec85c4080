"""The settings of decisions: routes, deputies and absences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.addresses import page_address
from municipality.core.registry import subjects
from municipality.decisions.forms.settings import (
    AbsenceOfForm,
    DeputyForm,
    RouteFilter,
    RouteForm,
    stage_forms,
    stages_of,
)
from municipality.decisions.models import Absence, Deputy, RouteStep, RouteTemplate
from municipality.decisions.operations import deputies, route_templates
from municipality.decisions.presenters.settings import (
    absences_listing,
    deputies_listing,
    routes_listing,
)
from municipality.decisions.setting_words import variant_words
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, valid
from municipality.web.paging import page_of


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
        {"form": form, "stages": stages, **_routes(request)},
    )


def _routes(request: HttpRequest) -> dict[str, Any]:
    """The routes in use that were asked for, a page at a time, and the matters that have none."""
    used = RouteTemplate.objects.visible_to(request.member).filter(is_active=True)
    labels = {matter: subject.label for matter, subject in subjects().items()}
    asked = RouteFilter(request.GET)
    asked.is_valid()
    rows = used.filter(name__icontains=asked.cleaned_data.get("q", ""), matter__in=labels)
    if matter := asked.cleaned_data.get("matter"):
        rows = rows.filter(matter=matter)
    steps = Prefetch(
        "steps",
        RouteStep.objects.visible_to(request.member).select_related("post", "department"),
    )
    ordered = rows.select_related("department").prefetch_related(steps).order_by("matter", "pk")
    listed = page_of(ordered, request.GET.get("page"))
    _describe(listed)
    without = set(labels) - set(used.order_by().values_list("matter", flat=True).distinct())
    return {
        "filter": asked,
        "routes": routes_listing(listed, labels),
        "without": [label for matter, label in labels.items() if matter in without],
    }


def _describe(routes: Iterable[Any]) -> None:
    """Give each route the name of its kind, and say whether it asks no managers."""
    kinds = variant_words()
    for route in routes:
        route.variant_label = kinds.get(route.variant, route.variant)
        route.lacks_managers = lacks_managers(route)


def lacks_managers(route: RouteTemplate) -> bool:
    """Does the route of a matter with departments never ask their managers?"""
    subject = subjects().get(route.matter)
    asks = any(step.is_of_subject for step in route.steps.all())
    return bool(subject and subject.departments and subject.suggests_managers and not asks)


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
        "deputies": deputies_listing(rows, labels),
        "absences": absences_listing(absences.order_by("starts_on")),
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
