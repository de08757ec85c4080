"""対応事項 and 状況一覧."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipality.calendars import open_days
from municipality.pages import page, show
from municipality.rules import anyone
from rollout.models import Axis

from .board import read_board
from .home import read_home
from .rules import may_see_dashboard


@page(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """対応事項: what waits, by when, and for whom; for a body that was just founded, what to set up."""
    found = read_home(request.member, request.now, open_days(request.municipality), request.GET)
    request.unread_notices = found.unread
    return show(request, "dashboard/home.html", {"home": found})


@page(may_see_dashboard)
def dashboard(request: HttpRequest) -> HttpResponse:
    """状況一覧: how the rollout stands, for the departments in reach."""
    board = read_board(request.member, open_days(request.municipality), request.today)
    request.unread_notices = board.unread
    return show(request, "dashboard/dashboard.html", {"board": board, "axes": list(Axis)})
