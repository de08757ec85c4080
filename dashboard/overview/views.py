"""The page 状況一覧."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.overview.page import read_board
from dashboard.overview.presenters import pilots_listing, usage_listing
from dashboard.overview.rules import may_see_dashboard
from municipality.organisation.open_days import open_days
from municipality.web.pages import page, show
from rollout.readiness.models import Axis


@page(may_see_dashboard)
def dashboard(request: HttpRequest) -> HttpResponse:
    """状況一覧: how the rollout stands, for the departments in reach."""
    board = read_board(request.member, open_days(request.municipality), request.today)
    context = {
        "board": board,
        "axes": list(Axis),
        "usage": usage_listing(board.usage),
        "pilots": pilots_listing(board.pilots),
    }
    return show(request, "dashboard/overview/dashboard.html", context)
