"""The frame of a page of settings: what it does, its content, what was changed on it before."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse

from municipality.core.registry import setting_pages
from municipality.organisation.setting_history import changes_of
from municipality.web.pages import show


def show_setting(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of settings: what it does, its content, and what was changed on it before. Its
    template bears its name.
    """
    setting = next(each for each in setting_pages() if each.name == PurePosixPath(template).stem)
    changes = changes_of(request.municipality, setting.key) if setting.key else []
    facts = {"setting": setting, "changes": changes, **context}
    return show(request, template, facts)
