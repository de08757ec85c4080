"""記録の廃棄: lines past their retention, erasure of a person's content, and retention periods."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.audit.models import VerbGroup
from municipality.core.refusals import require
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.records.forms import DisposalForm, ErasureForm, RefusalForm, RetentionForm
from municipality.records.models import Disposal
from municipality.records.operations import disposals as operations
from municipality.records.presenters import disposals_listing, overdue_listing
from municipality.records.queries import years_of
from municipality.records.rules import may_approve_disposal, may_propose_disposal, may_see_log
from municipality.web.pages import done, page, show, valid

MOST = 50

RELATED = "proposed_by decided_by member municipality"


@page(may_see_log, methods="GET POST")
def disposal_list(request: HttpRequest) -> HttpResponse:
    """Lines past their retention, and earlier proposals. The office proposes here."""
    form = DisposalForm(request.POST or None)
    if request.method == "POST":
        require(may_propose_disposal(request.member))
    if valid(request, form):
        made = operations.propose_disposal(
            request.municipality, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("申し出ました。監査の人が承認すると、廃棄されます。"), made)
    return show(request, "municipality/records/disposals.html", {**_listed(request), "form": form})


def _listed(request: HttpRequest) -> dict[str, Any]:
    body = request.municipality
    years = years_of(body)
    cutoffs = operations.cutoffs_of(years, request.today)
    survey = operations.survey(body, cutoffs)
    groups = [
        {
            "label": VerbGroup(group).label,
            "years": years[group],
            "day": date.fromisoformat(day),
            "count": survey.erased[group],
        }
        for group, day in cutoffs.items()
    ]
    rows = Disposal.objects.visible_to(request.member).select_related(
        "proposed_by", "decided_by", "member"
    )[:MOST]
    return {
        "overdue": overdue_listing(groups),
        "survey": survey,
        "listing": disposals_listing(rows),
        "office": is_office(request.member),
    }


@page(may_propose_disposal, methods="GET POST")
def erasure_new(request: HttpRequest) -> HttpResponse:
    """Propose to erase what the log holds about a person."""
    form = ErasureForm(request.municipality, request.POST or None)
    if not valid(request, form):
        return show(request, "municipality/records/erasure_new.html", {"form": form})
    cleaned = form.cleaned_data
    made = operations.propose_erasure(
        cleaned["member"], reason=cleaned["reason"], by=request.member, now=request.now
    )
    return done(request, _("申し出ました。監査の人が承認すると、消去されます。"), made)


@page(may_see_log, of=Disposal, related=RELATED)
def disposal_page(request: HttpRequest, disposal: Disposal) -> HttpResponse:
    """One proposal: its effect, who agreed, and its result."""
    return show(
        request, "municipality/records/disposal.html", _context(request, disposal, RefusalForm())
    )


def _context(request: HttpRequest, disposal: Disposal, form: RefusalForm) -> dict[str, Any]:
    days = {
        VerbGroup(group).label: date.fromisoformat(day) for group, day in disposal.cutoffs.items()
    }
    survey = operations.survey(request.municipality, disposal.cutoffs) if disposal.cutoffs else None
    waits = disposal.state == Disposal.State.PROPOSED
    return {
        "disposal": disposal,
        "days": days.items(),
        "survey": survey if waits else None,
        "form": form,
        "waits": waits,
        "may_approve": may_approve_disposal(request.member, disposal),
        "office": is_office(request.member),
    }


@page(may_approve_disposal, of=Disposal, methods="POST", related=RELATED)
def disposal_approve(request: HttpRequest, disposal: Disposal) -> HttpResponse:
    """Approve a proposal, as the second person."""
    operations.approve_disposal(disposal, by=request.member, now=request.now)
    return done(request, _("承認しました。数分のうちに廃棄されます。"), disposal)


@page(may_approve_disposal, of=Disposal, methods="POST", related=RELATED)
def disposal_refuse(request: HttpRequest, disposal: Disposal) -> HttpResponse:
    """Refuse a proposal with a reason, as the second person."""
    form = RefusalForm(request.POST)
    if not valid(request, form):
        return show(
            request, "municipality/records/disposal.html", _context(request, disposal, form)
        )
    operations.refuse_disposal(disposal, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("承認しないことを伝えました。"), disposal)


@page(may_propose_disposal, of=Disposal, methods="POST", related=RELATED)
def disposal_withdraw(request: HttpRequest, disposal: Disposal) -> HttpResponse:
    """Withdraw a proposal, by the office."""
    operations.withdraw_disposal(disposal, by=request.member, now=request.now)
    return done(request, _("申出を取り下げました。"), disposal)


@page(is_office, methods="GET POST")
def retention_page(request: HttpRequest) -> HttpResponse:
    """Retention of each group of lines in fiscal years."""
    form = RetentionForm(
        years_of(request.municipality), request.municipality.edition, request.POST or None
    )
    if not valid(request, form):
        return show_setting(
            request, "retention", "municipality/records/retention.html", {"form": form}
        )
    operations.set_retention(
        request.municipality, **form.cleaned_data, by=request.member, now=request.now
    )
    return done(
        request,
        _("保存年限を保存しました。"),
        reverse("municipality:retention", args=[request.municipality.pk]),
    )
