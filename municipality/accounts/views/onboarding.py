"""登録の状況: who has not signed in yet, invitations and slips for many at once, whose sign-in is
paused, whose account ends.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.accounts.forms.sign_in import OnboardingFilter
from municipality.accounts.operations import lockouts, onboarding
from municipality.accounts.operations.invitations import short_code
from municipality.accounts.rules import may_invite
from municipality.accounts.views.invitations import CODE_PAGE
from municipality.audit.access_events import note_reading
from municipality.core.qr_codes import qr_code
from municipality.organisation.models import Department, Member
from municipality.organisation.queries import with_postings
from municipality.organisation.rules import is_office
from municipality.web.components.lists import Tab, tabs_of
from municipality.web.pages import done, page, show
from municipality.web.paging import page_of

SLIPS_PER_PAGE = 40


def _asked(request: HttpRequest, data: Any) -> tuple[OnboardingFilter, QuerySet[Any]]:
    """The filter, and everybody in the department that it names, whatever their stage."""
    departments = Department.objects.visible_to(request.member).on(request.today)
    form = OnboardingFilter(departments, data)
    form.is_valid()
    rows = onboarding.onboarding_of(request.municipality, request.today, now=request.now)
    if place := form.cleaned_data.get("department"):
        rows = onboarding.below(rows, place.path, request.today)
    return form, rows.order_by("kana", "number", "pk")


@page(is_office)
def onboarding_page(request: HttpRequest) -> HttpResponse:
    """Registration states of everybody, by stage; one log entry for the page."""
    form, rows = _asked(request, request.GET)
    stage, counts = form.cleaned_data.get("stage", ""), onboarding.counts_of(rows)
    wanted = rows.filter(stage=stage) if stage else rows.exclude(stage=onboarding.READY)
    listed = page_of(wanted, request.GET.get("page"))
    with_postings(request, listed)
    note_reading(
        "people.read",
        by=request.member,
        count=len(listed),
        page=listed.number,
        query=request.GET.dict(),
    )
    context = {
        "rows": listed,
        "filter": form,
        "tabs": _tabs(request, stage, counts),
        "stage": stage,
        "counts": counts,
    }
    return show(
        request,
        "municipality/accounts/arrivals.html",
        {**context, **_beside(request, form, counts)},
    )


def _stages() -> dict[str, str]:
    return {
        "": pgettext("アカウント", "まだの人"),
        onboarding.NONE: pgettext("アカウント", "未招待"),
        onboarding.EXPIRED: pgettext("アカウント", "期限切れ"),
        onboarding.INVITED: pgettext("アカウント", "招待中"),
        onboarding.HALF: pgettext("アカウント", "登録の途中"),
        onboarding.READY: pgettext("アカウント", "登録済"),
    }


def _tabs(request: HttpRequest, stage: str, counts: dict[str, int]) -> list[Tab]:
    query = request.GET.copy()
    query.pop("page", None)

    def address(key: str) -> str:
        query["stage"] = key
        return f"?{query.urlencode()}"

    waiting = sum(count for name, count in counts.items() if name != onboarding.READY)
    return tabs_of(_stages(), stage, counts={**counts, "": waiting}, address=address)


def _beside(request: HttpRequest, form: OnboardingFilter, counts: dict[str, int]) -> dict[str, Any]:
    """Actions for all people at once, and what the office has to check."""
    place = form.cleaned_data.get("department")
    to_invite = sum(counts[name] for name in onboarding.TO_INVITE)
    return {
        "place": place,
        "to_invite": to_invite,
        "at_once": min(to_invite, onboarding.MOST_AT_ONCE),
        "most": onboarding.MOST_AT_ONCE,
        "locks": lockouts.locks_of(request.municipality, now=request.now),
        "endings": onboarding.endings_of(request.municipality, request.today),
    }


@page(is_office, methods="POST")
def invite_many(request: HttpRequest) -> HttpResponse:
    """Invite everybody of a department (or of the body) who was not invited yet or let it run out;
    so many at a time.
    """
    form, rows = _asked(request, request.POST)
    stages = (onboarding.INVITED,) if "again" in request.POST else onboarding.TO_INVITE
    wanted = rows.filter(stage__in=stages).select_related("municipality")[: onboarding.MOST_AT_ONCE]
    count = onboarding.invite_many(list(wanted), by=request.member, now=request.now)
    left = rows.filter(stage__in=onboarding.TO_INVITE).count()
    words = _("%(count)s人を招待しました。残りは%(left)s人です。招待状は、まとめて印刷できます。")
    place = form.cleaned_data.get("department")
    address = reverse("municipality:arrivals", args=[request.municipality.pk])
    return done(
        request,
        words % {"count": count, "left": left},
        f"{address}?department={place.pk if place else ''}",
    )


@page(is_office)
def slips(request: HttpRequest) -> HttpResponse:
    """The slips of all who are invited, to be printed: one or four on a sheet. Looking at them is
    written down.
    """
    form, rows = _asked(request, request.GET)
    listed = page_of(
        rows.filter(stage=onboarding.INVITED), request.GET.get("page"), size=SLIPS_PER_PAGE
    )
    with_postings(request, listed)
    drawn = [
        _slip(invitation, token)
        for invitation, token in onboarding.slips_of(list(listed), now=request.now)
    ]
    onboarding.note_slips([slip["person"] for slip in drawn], by=request.member)
    places = {member.pk: member.posted for member in listed}
    for slip in drawn:
        slip["posted"] = places[slip["person"].pk]
    context = {
        "slips": drawn,
        "rows": listed,
        "filter": form,
        "four": request.GET.get("per") != "1",
    }
    return show(
        request,
        "municipality/accounts/slips.html",
        {**context, "code_address": settings.BASE_URL + CODE_PAGE},
    )


def _slip(invitation: Any, token: str) -> dict[str, Any]:
    link = settings.BASE_URL + reverse("municipality_outside:invitation", args=[token])
    return {
        "person": invitation.member,
        "invitation": invitation,
        "code": short_code(token),
        "qr": qr_code(link),
    }


@page(may_invite, of=Member, methods="POST", related="municipality user")
def lift_lock(request: HttpRequest, person: Member) -> HttpResponse:
    """End the pause of a person's sign-in."""
    lockouts.lift_lock(person, by=request.member, now=request.now)
    words = _("%(name)sさんのログインの停止を解除しました。") % {"name": person.name}
    return done(request, words, reverse("municipality:arrivals", args=[person.municipality_id]))
