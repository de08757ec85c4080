"""設定: what the office sets for its body, one page per subject."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.calendars import open_days
from municipality.exports import lists
from municipality.forms_settings import (
    AbsenceOfForm,
    ClosedDayForm,
    DeputyForm,
    RouteForm,
    SettingsForm,
    stage_forms,
    stages_of,
)
from municipality.models import Absence, ClosedDay, Deputy, RouteTemplate
from municipality.operations import deputies, route_templates
from municipality.operations import settings as operations
from municipality.pages import done, page, show, valid
from municipality.periods import Period
from municipality.rooms import setting_pages, subjects
from municipality.rules import is_office
from municipality.setting_history import changes_of

FIELDS = ("name", "kana", "kind", "network", "small_cell", "sending", "sender", "reply_to", "contact", "edition")


def _address(request: HttpRequest, name: str) -> str:
    return reverse(f"municipality:{name}", args=[request.municipality.pk])


def show_setting(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """A page of settings: what it does, its content, and what was changed on it before."""
    setting = next(each for each in setting_pages() if each.name == name)
    changes = changes_of(request.municipality, setting.key) if setting.key else []
    facts = {"setting": setting, "changes": changes, **context}
    return show(request, f"municipality/settings_{name}.html", facts)


@page(is_office, methods="GET POST")
def settings_page(request: HttpRequest) -> HttpResponse:
    """The body's own facts, each with what it does."""
    body = request.municipality
    form = SettingsForm(request.POST or None, initial={name: getattr(body, name) for name in FIELDS})
    if not valid(request, form):
        return show_setting(request, "settings", {"form": form})
    operations.change_body(body, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("設定を保存しました。"), _address(request, "settings"))


@page(is_office, methods="GET POST")
def closed_days_page(request: HttpRequest) -> HttpResponse:
    """Days on which the body departs from the calendar, and a form for one more."""
    form = ClosedDayForm(request.municipality, request.POST or None)
    if valid(request, form):
        facts = form.cleaned_data
        day, name, is_open = facts["date"], facts["name"], facts["is_open"]
        operations.add_closed_day(
            request.municipality, day, name=name, is_open=is_open, by=request.member, now=request.now
        )
        return done(request, _("閉庁日を登録しました。"), _address(request, "closed_days"))
    year = Period.holding(Period.YEAR, request.today)
    count = open_days(request.municipality).within(year.first, year.last)
    days = ClosedDay.objects.of(request.municipality).filter(date__gte=year.first)
    context = {"form": form, "days": days, "year": year, "count": count, "export": lists.closed_days(days)}
    return show_setting(request, "closed_days", context)


@page(is_office, of=ClosedDay, methods="POST")
def closed_day_remove(request: HttpRequest, closed: ClosedDay) -> HttpResponse:
    """Take a closed day back."""
    operations.remove_closed_day(closed, by=request.member, now=request.now)
    return done(request, _("閉庁日を削除しました。"), _address(request, "closed_days"))


@page(is_office, methods="GET POST")
def routes_page(request: HttpRequest) -> HttpResponse:
    """The routes in use, and a form to set the route of a matter."""
    form = RouteForm(request.municipality, request.POST or None)
    stages = stage_forms(request.municipality, request.POST or None)
    if valid(request, form) and (laid := stages_of(form, stages)) and form.is_valid():
        route_templates.set_route(
            request.municipality, **form.cleaned_data, stages=laid, by=request.member, now=request.now
        )
        return done(request, _("決裁経路を設定しました。"), _address(request, "routes"))
    return show_setting(request, "routes", {"form": form, "stages": stages, "routes": _routes(request)})


def _routes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every matter with its routes in use; none where the office has set none. Three queries."""
    rows = RouteTemplate.objects.of(request.municipality).filter(is_active=True).select_related("department")
    used: dict[str, list[RouteTemplate]] = {}
    for row in rows.prefetch_related("steps__post", "steps__department").order_by("pk"):
        used.setdefault(row.matter, []).append(row)
    return [{"label": subject.label, "routes": used.get(subject.matter, [])} for subject in subjects().values()]


@page(is_office, of=RouteTemplate, methods="POST")
def route_stop(request: HttpRequest, route: RouteTemplate) -> HttpResponse:
    """Use a route no more."""
    route_templates.stop_route(route, by=request.member, now=request.now)
    return done(request, _("決裁経路の使用をやめました。"), _address(request, "routes"))


@page(is_office, methods="GET POST")
def deputies_page(request: HttpRequest) -> HttpResponse:
    """Who decides in whose place, and a form to name another."""
    form = DeputyForm(request.municipality, request.POST or None, initial={"starts_on": request.today})
    if valid(request, form):
        deputies.name_deputy(**form.cleaned_data, by=request.member, now=request.now)
        return done(request, _("代決する人を指定しました。"), _address(request, "deputies"))
    return show_setting(request, "deputies", {"form": form, **_away(request), "deputy_form": form})


def _away(request: HttpRequest) -> dict[str, Any]:
    """Deputies and absences from today on, and an empty form for one more of each."""
    body = request.municipality
    named = Deputy.objects.of(body).exclude(ends_on__lt=request.today).select_related("member", "department", "post")
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
    """Take a naming back."""
    deputies.remove_deputy(deputy, by=request.member, now=request.now)
    return done(request, _("代決する人の指定を取り消しました。"), _address(request, "deputies"))


@page(is_office, methods="POST")
def absence_note(request: HttpRequest) -> HttpResponse:
    """The office notes that somebody is away."""
    form = AbsenceOfForm(request.municipality, request.POST, prefix="away")
    if not valid(request, form):
        return show_setting(request, "deputies", {"form": form, **_away(request), "absence_form": form})
    deputies.add_absence(**form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("不在を登録しました。"), _address(request, "deputies"))
