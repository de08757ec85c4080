"""職員: the list of people that the member may see, and one person with postings, duties and
absences.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.accounts.models import Invitation, Renewal
from municipality.accounts.rules import may_ask_renewal
from municipality.audit.access_events import note_reading
from municipality.decisions.forms.settings import AbsenceForm
from municipality.decisions.models import Absence
from municipality.decisions.rules import may_note_absence
from municipality.directory import exports
from municipality.directory.forms import MemberForm, PeopleFilter
from municipality.directory.presenters import (
    absences_of_listing,
    account_state,
    people_listing,
    postings_listing,
)
from municipality.organisation.models import (
    Department,
    DepartmentVersion,
    Duty,
    Grant,
    Member,
    Posting,
)
from municipality.organisation.operations.people import change_member
from municipality.organisation.people_search import people_called
from municipality.organisation.queries import with_postings
from municipality.organisation.rules import (
    is_office,
    may_change_member,
    may_see_member,
    may_see_people,
)
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of


@page(may_see_people)
def people_list(request: HttpRequest) -> HttpResponse:
    """People that the member may see, by kana. One log entry for the page, however many people it
    shows.
    """
    departments = Department.objects.visible_to(request.member).on(request.today)
    form = PeopleFilter(departments, request.GET)
    rows = narrowed(with_account(request), form, request)
    listed = page_of(rows.order_by("kana", "number", "pk"), request.GET.get("page"))
    with_postings(request, listed)
    note_reading(
        "people.read",
        by=request.member,
        count=len(listed),
        page=listed.number,
        query=request.GET.dict(),
    )
    office = bool(is_office(request.member))
    context = {
        "rows": listed,
        "listing": people_listing(request, listed, office=office),
        "filter": form,
        "office": office,
        "export": exports.people(
            rows.order_by("kana", "number", "pk"), partial(with_postings, request)
        ),
    }
    return show(request, "municipality/directory/people.html", context)


def with_account(request: HttpRequest) -> QuerySet[Any]:
    """Visible people, each with `invited`: whether an invitation is open."""
    open_ = (
        Invitation.objects.of(request.municipality)
        .pending(request.now)
        .filter(member=OuterRef("pk"))
    )
    return (
        Member.objects.visible_to(request.member)
        .filter(is_active=True)
        .annotate(invited=Exists(open_))
    )


def narrowed(rows: QuerySet[Any], form: PeopleFilter, request: HttpRequest) -> QuerySet[Any]:
    """Rows that match the filter."""
    form.is_valid()
    cleaned = form.cleaned_data
    if text := cleaned.get("q"):
        rows = people_called(rows, text)
    if department := cleaned.get("department"):
        below = Department.objects.visible_to(request.member).below(department.path)
        posted = (
            Posting.objects.of(request.municipality).on(request.today).filter(department__in=below)
        )
        rows = rows.filter(pk__in=posted.values("member"))
    return {
        "none": rows.filter(user=None, invited=False),
        "invited": rows.filter(user=None, invited=True),
        "ready": rows.exclude(user=None),
    }.get(cleaned.get("account", ""), rows)


@page(may_see_member, of=Member)
def member_page(request: HttpRequest, member: Member) -> HttpResponse:
    """One person. Looking at another person is logged."""
    if member.pk != request.member.pk:
        note_reading("member.read", member, by=request.member)
    return show(
        request,
        "municipality/directory/member.html",
        _profile(request, member, AbsenceForm(request.municipality)),
    )


def _profile(request: HttpRequest, member: Member, form: AbsenceForm) -> dict[str, Any]:
    body, roles = request.municipality, Prefetch("grants", Grant.objects.visible_to(request.member))
    notes = may_note_absence(request.member, member)
    postings = (
        Posting.objects.of(body)
        .filter(member=member)
        .select_related("department", "post")
        .prefetch_related(roles)
    )
    return {
        "person": member,
        "lists_people": may_see_people(request.member),
        "postings": postings_listing(
            with_names_of_then(postings.order_by("-starts_on", "-kind"), request.today),
            request.today,
        ),
        "duties": Duty.objects.of(body)
        .filter(member=member)
        .select_related("department")
        .order_by("-starts_on"),
        "absences": absences_of_listing(_absences(request, member)) if notes else None,
        "may_note_absence": notes,
        "form": form,
        **_account_of(request, member),
    }


def _account_of(request: HttpRequest, member: Member) -> dict[str, Any]:
    """State of the person's account, and the office's actions on it."""
    body, registered = request.municipality, member.user_id is not None
    invitation = Invitation.objects.of(body).pending(request.now).filter(member=member).first()
    waiting = Renewal.objects.of(body).waiting(request.now).filter(member=member)
    return {
        "office": is_office(request.member),
        "invitation": invitation,
        "account": account_state(member, invited=invitation is not None),
        "renewal": waiting.first() if registered else None,
        "may_ask_renewal": registered and may_ask_renewal(request.member, member),
    }


def with_names_of_then(postings: QuerySet[Posting], today: date) -> list[Any]:
    """Postings, each with `place`: name of its department on its last day. Two queries."""
    rows: list[Any] = list(postings)
    versions = (
        DepartmentVersion.objects.of(rows[0].municipality_id)
        if rows
        else DepartmentVersion.objects.none()
    )
    versions = versions.filter(department__in=[row.department_id for row in rows]).order_by(
        "starts_on"
    )
    spans = list(versions.values_list("department", "starts_on", "name"))
    for row in rows:
        day = min(row.ends_on or today, today) if row.starts_on <= today else row.starts_on
        names = [
            name
            for number, starts_on, name in spans
            if number == row.department_id and starts_on <= day
        ]
        row.place = names[-1] if names else row.department.name
    return rows


def _absences(request: HttpRequest, member: Member) -> QuerySet[Absence]:
    """Absences from today on, for the person and the office only, because the reason is private."""
    ahead = Absence.objects.visible_to(request.member).filter(
        member=member, ends_on__gte=request.today
    )
    return ahead.order_by("starts_on")


@page(may_change_member, of=Member, methods="GET POST")
def member_edit(request: HttpRequest, member: Member) -> HttpResponse:
    """Correct the data of a person, such as a new family name."""
    names = ("name", "kana", "mail", "employment", "edition")
    form = MemberForm(request.POST or None, initial={name: getattr(member, name) for name in names})
    if not valid(request, form):
        return show(
            request, "municipality/directory/member_edit.html", {"form": form, "person": member}
        )
    change_member(member, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("職員の情報を変更しました。"), member)
