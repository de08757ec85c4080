"""組織改正: name and parent of a department from a day on, and its end. A preview comes first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Department
from municipality.organisation.rules import is_office
from municipality.transfers.forms import DepartmentChangeForm, DepartmentEndForm
from municipality.transfers.operations import reorganisation as operations
from municipality.transfers.presenters.reorganisation import what_changes, what_goes
from municipality.web.pages import done, page, show, valid


def may_reorganise(member: Any, department: Department) -> Answer:
    """The office may; not for the body itself, which has its own settings, nor for a department
    that has ended.
    """
    if not is_office(member):
        return is_office(member)
    if department.is_body or department.ends_on is not None:
        return Refusal(_("団体そのものと、終了する部署は変更できません。"))
    return True


@page(may_reorganise, of=Department, methods="GET POST", related="municipality")
def department_change(request: HttpRequest, department: Department) -> HttpResponse:
    """Another name, kind or parent from a day on."""
    form = DepartmentChangeForm(department, request.today, request.POST or None)
    if valid(request, form) and "draft" in request.POST:
        operations.change_department(
            department, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("部署の変更を登録しました。その日から有効になります。"), department)
    lines = what_changes(form) if valid(request, form) else []
    return show(
        request,
        "municipality/transfers/department_change.html",
        {"department": department, "form": form, "lines": lines},
    )


@page(may_reorganise, of=Department, methods="GET POST", related="municipality")
def department_end(request: HttpRequest, department: Department) -> HttpResponse:
    """End a department and continue it elsewhere: merged or split."""
    form = DepartmentEndForm(department, request.today, request.POST or None)
    if valid(request, form) and "draft" in request.POST:
        operations.reorganise(
            form.sources,
            form.targets,
            on=form.cleaned_data["on"],
            by=request.member,
            now=request.now,
        )
        return done(request, _("組織改正を登録しました。その日から有効になります。"), department)
    goes = what_goes(form) if valid(request, form) else None
    return show(
        request,
        "municipality/transfers/department_end.html",
        {"department": department, "form": form, "goes": goes},
    )
