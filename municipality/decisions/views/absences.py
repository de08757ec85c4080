"""Absences of a person: noted by themselves and the office, and taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.decisions.forms.settings import AbsenceForm
from municipality.decisions.models import Absence
from municipality.decisions.operations.deputies import add_absence, remove_absence
from municipality.decisions.rules import may_end_absence, may_note_absence
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_people
from municipality.web.pages import done, page, show, valid


@page(may_note_absence, of=Member, methods="POST")
def absence_new(request: HttpRequest, member: Member) -> HttpResponse:
    """Record an absence of a person."""
    form = AbsenceForm(request.municipality, request.POST)
    if not valid(request, form):
        lists = may_see_people(request.member)
        context = {"form": form, "person": member, "lists_people": lists}
        return show(request, "municipality/decisions/absence_new.html", context)
    add_absence(member, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("不在を登録しました。"), member)


@page(may_end_absence, of=Absence, methods="POST", related="member")
def absence_remove(request: HttpRequest, absence: Absence) -> HttpResponse:
    """Remove an absence."""
    member = absence.member
    remove_absence(absence, by=request.member, now=request.now)
    back = (
        reverse("municipality:deputies", args=[request.municipality.pk])
        if "settings" in request.POST
        else member
    )
    return done(request, _("不在を取り消しました。"), back)
