"""The home of 設定, and the checklist of a body that is being set up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.core.registry import setting_pages
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.setup.checklist import checklist
from municipality.setup.operations.setup import mark_item
from municipality.setup.presenters import checklist_listing
from municipality.setup.settings_pages import GROUPS
from municipality.web.pages import done, page, show


@page(is_office)
def settings_home(request: HttpRequest) -> HttpResponse:
    """Every page of settings by group, with its description."""
    code = request.municipality.pk
    shown: dict[str, list[dict[str, Any]]] = {group.name: [] for group in GROUPS}
    for setting in setting_pages():
        if setting.rule is None or setting.rule(request.member):
            shown[setting.group].append(
                {"setting": setting, "address": reverse(setting.view, args=[code])}
            )
    groups = [(group, shown[group.name]) for group in GROUPS if shown[group.name]]
    return show(request, "municipality/setup/settings_home.html", {"groups": groups})


@page(is_office)
def checklist_page(request: HttpRequest) -> HttpResponse:
    """Items that are done and to do, each with its page and who did it when."""
    items = checklist(request.municipality, request.now)
    left = sum(item.is_open for item in items)
    return show_setting(
        request,
        "checklist",
        "municipality/setup/checklist.html",
        {"items": checklist_listing(items, request.municipality.pk), "left": left},
    )


@page(is_office, methods="POST")
def checklist_mark(request: HttpRequest, item: str) -> HttpResponse:
    """Mark an item as not needed, or as needed again."""
    if item not in {line.key for line in checklist(request.municipality, request.now)}:
        raise Http404
    needed = "needed" in request.POST
    mark_item(request.municipality, item, needed=needed, by=request.member, now=request.now)
    words = _("必要に戻しました。") if needed else _("不要にしました。")
    return done(request, words, reverse("municipality:checklist", args=[request.municipality.pk]))
