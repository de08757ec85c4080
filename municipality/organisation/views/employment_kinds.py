"""任用区分: which kinds of employment count as staff."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.organisation.forms import EmploymentKindForm
from municipality.organisation.models import EmploymentKind, Member
from municipality.organisation.operations import employment_kinds as operations
from municipality.organisation.presenters import employment_kinds_listing
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, valid


def _list(request: HttpRequest) -> str:
    return reverse("municipality:employment_kinds", args=[request.municipality.pk])


@page(is_office, methods="GET POST")
def employment_kinds_page(request: HttpRequest) -> HttpResponse:
    """The kinds of employment, and a form for one more."""
    form = EmploymentKindForm(request.municipality, request.POST or None)
    if valid(request, form):
        operations.add_employment_kind(
            request.municipality, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("任用区分を登録しました。"), _list(request))
    return show_setting(
        request,
        "employment_kinds",
        "municipality/organisation/employment_kinds.html",
        {"form": form, "listing": employment_kinds_listing(_kinds(request))},
    )


def _kinds(request: HttpRequest) -> QuerySet[EmploymentKind]:
    """The body's kinds, each with how many people are of it."""
    of_kind = Member.objects.visible_to(request.member).filter(
        is_active=True, employment=OuterRef("name")
    )
    count = of_kind.order_by().values("employment").annotate(n=Count("pk")).values("n")
    rows = EmploymentKind.objects.visible_to(request.member)
    return rows.annotate(people=Coalesce(Subquery(count), 0))


@page(is_office, of=EmploymentKind, methods="POST", related="municipality")
def employment_kind_count(request: HttpRequest, kind: EmploymentKind) -> HttpResponse:
    """Count the people of a kind as staff, or no longer."""
    edition = request.POST.get("edition", "")
    operations.count_as_staff(
        kind,
        counts=not kind.counts_as_staff,
        edition=int(edition) if edition.isdecimal() else kind.edition,
        by=request.member,
        now=request.now,
    )
    return done(request, _("任用区分の数え方を変更しました。"), _list(request))
