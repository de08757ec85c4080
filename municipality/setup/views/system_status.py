"""動作状況 for the office: which parts work, since when one does not, and the contact."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipality.clock.models import JobRun
from municipality.notifications.models import Mail
from municipality.organisation.rules import is_office
from municipality.setup.presenters import failed_listing, parts_listing
from municipality.setup.system_status import look
from municipality.web.pages import page, show


@page(is_office)
def running_page(request: HttpRequest) -> HttpResponse:
    """State of every part of the installation, and failed jobs of the body."""
    waiting = Mail.objects.of(request.municipality).filter(
        state__in=[Mail.State.QUEUED, Mail.State.CLAIMED]
    )
    return show(
        request,
        "municipality/setup/running.html",
        {
            "parts": parts_listing(look(request.now, body=request.municipality)),
            "waiting": waiting.count(),
            "failed": failed_listing(JobRun.objects.visible_to(request.member).troubled()),
        },
    )
