"""「所属長から見た画面」: choosing the department, and leaving the preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.setup import view_as_manager
from municipality.setup.forms import PreviewForm
from municipality.setup.operations.previews import start_preview
from municipality.web.pages import done, page, valid


@page(is_office, methods="GET POST")
def preview_page(request: HttpRequest) -> HttpResponse:
    """Choose the department whose manager's view is previewed."""
    form = PreviewForm(request.municipality, request.today, request.POST or None)
    if not valid(request, form):
        return show_setting(
            request,
            "preview",
            "municipality/setup/preview.html",
            {"form": form, "minutes": view_as_manager.MINUTES},
        )
    department = form.cleaned_data["department"]
    start_preview(department, by=request.member, now=request.now)
    view_as_manager.begin(request, department)
    return redirect(request.municipality)


@page(anyone, methods="POST")
def preview_end(request: HttpRequest) -> HttpResponse:
    """Return to one's own view."""
    view_as_manager.end(request, "left")
    office = bool(is_office(request.member))
    target = (
        reverse("municipality:preview", args=[request.municipality.pk])
        if office
        else request.municipality
    )
    return done(request, _("自分の画面に戻りました。"), target)
