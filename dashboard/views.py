"""対応事項 and 状況一覧."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipality.calendars import open_days
from municipality.pages import page, show
from municipality.rules import anyone

from .listing import Listing, read_cell
from .todo import TABS, read_todo


@page(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """対応事項: what waits, by when, and for whom."""
    todo = read_todo(request.member, request.today, open_days(request.municipality))
    tab = request.GET.get("tab", "")
    listing = Listing(todo, tab if tab in TABS else TABS[0], read_cell(request.GET.get("due", "")))
    return show(request, "dashboard/home.html", {"listing": listing})
