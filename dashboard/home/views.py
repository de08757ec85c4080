"""The page 対応事項."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dashboard.home.checklist import checklist_listing
from dashboard.home.page import read_home
from municipality.core.refusals import anyone
from municipality.organisation.open_days import open_days
from municipality.web.pages import page, show


@page(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """対応事項: what waits, by when, and for whom; for a body that was just founded, what to set
    up.
    """
    home = read_home(request.member, request.now, open_days(request.municipality), request.GET)
    context = {"home": home, "checklist": checklist_listing(home.checklist)}
    return show(request, "dashboard/home/home.html", context)
