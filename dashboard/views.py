"""対応事項 and 状況一覧."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipality.calendars import open_days
from municipality.pages import page, show
from municipality.rules import anyone

from .home import read_home


@page(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """対応事項: what waits, by when, and for whom; for a body that was just founded, what to set up."""
    found = read_home(request.member, request.today, open_days(request.municipality), request.GET)
    request.unread_notices = found.unread
    return show(request, "dashboard/home.html", {"home": found})
