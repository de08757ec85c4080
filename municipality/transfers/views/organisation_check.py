"""組織の確認: the page with everything that lacks its person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from municipality.audit.access_events import note_reading
from municipality.organisation.models import Post
from municipality.organisation.rules import is_office
from municipality.organisation.staff_on import roster_on
from municipality.transfers.presenters.transfers import grouped
from municipality.transfers.staffing_checks import gaps_of, people_gaps
from municipality.web.pages import page, show


@page(is_office)
def organisation_check(request: HttpRequest) -> HttpResponse:
    """Gaps of today, each with the form that fixes it."""
    body, roster = request.municipality, roster_on(request.municipality, request.today)
    posts = dict(Post.objects.visible_to(request.member).values_list("pk", "title"))
    gaps = gaps_of(body, roster, posts) + people_gaps(body, roster, request.now)
    note_reading("people.read", by=request.member, count=len(gaps), page="check")
    return show(
        request,
        "municipality/transfers/organisation_check.html",
        {"groups": grouped(gaps, body.pk), "count": len(gaps)},
    )
