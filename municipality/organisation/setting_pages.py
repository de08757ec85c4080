"""The frame of a page of settings: what it does, its content, what was changed on it before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from municipality.core.registry import setting_pages
from municipality.organisation.presenters import changes_listing
from municipality.organisation.setting_history import changes_of
from municipality.web.pages import show


def show_setting(
    request: HttpRequest, name: str, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The page of settings of that name: what it does, its content, and what was changed on it
    before.
    """
    setting = next(each for each in setting_pages() if each.name == name)
    changes = changes_of(request.municipality, setting.key) if setting.key else []
    listing = changes_listing(changes)
    return show(request, template, {"setting": setting, "changes": listing, **context})
