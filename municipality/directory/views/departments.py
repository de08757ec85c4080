"""部署: the tree as of today, one department with its people and its history, and a new one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.audit.access_events import note_reading
from municipality.core.refusals import anyone
from municipality.core.registry import panels_of
from municipality.directory import exports
from municipality.directory.forms import DepartmentForm
from municipality.directory.presenters import (
    below_listing,
    departments_listing,
    past_heads_listing,
    posted_listing,
    versions_listing,
)
from municipality.organisation.leadership import PRECEDENCE
from municipality.organisation.models import Department, DepartmentVersion, Grant, Posting
from municipality.organisation.operations.settings import found_department
from municipality.organisation.queries import staff_by_department
from municipality.organisation.rules import gate_of, is_office, may_see_names, may_see_people
from municipality.web.pages import done, page, show, valid

MOST_PAST = 30

PER_PAGE = 100


@dataclass
class DepartmentLine:
    """Department in the list: depth, managers, and number of staff, alone and with all below."""

    department: Department
    depth: int
    heads: list[str] = field(default_factory=list)
    staff: int = 0
    below: int = 0

    @property
    def indent(self) -> str:
        """Full-width spaces, so that the tree is legible on paper and without style sheets."""
        return "　" * self.depth


@page(anyone)
def department_list(request: HttpRequest) -> HttpResponse:
    """Departments that the member may see, as a tree; the file holds the same."""
    departments = list(Department.objects.visible_to(request.member).on(request.today))
    lines, counted = _lines(request, departments), gate_of(request.member).is_open
    shown = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": shown,
        "listing": departments_listing(shown, request.today, counted=counted),
        "export": exports.departments(lines, counted=counted),
        "office": is_office(request.member),
        "names": may_see_names(request.member),
    }
    return show(request, "municipality/directory/departments.html", context)


def _lines(request: HttpRequest, departments: list[Department]) -> list[DepartmentLine]:
    """Lines in the order of the tree, by code below the same parent."""
    codes = {row.path: row.code for row in departments}
    top = min((row.depth for row in departments), default=0)
    heads, staff = _heads(request), staff_by_department(request.municipality.pk, request.today)
    own = {row.path: staff.get(row.pk, 0) for row in departments}
    below = dict.fromkeys(own, 0)
    for row in departments:
        for path in below.keys() & set(row.ancestor_paths):
            below[path] += own[row.path]
    lines = [
        DepartmentLine(row, row.depth - top, heads[row.pk], own[row.path], below[row.path])
        for row in departments
    ]
    return sorted(
        lines, key=lambda line: [codes.get(path, "") for path in line.department.ancestor_paths]
    )


def _heads(request: HttpRequest) -> dict[int, list[str]]:
    """Names of the managers of each department (posts, for members who may not see names), in the
    order of rank. One query.
    """
    field_name = (
        "posting__member__name" if may_see_names(request.member) else "posting__post__title"
    )
    rows = Grant.objects.visible_to(request.member).on(request.today).filter(role="manager")
    names: dict[int, list[str]] = defaultdict(list)
    rows = rows.order_by(*PRECEDENCE)
    for department, name in rows.values_list("posting__department", field_name):
        names[department].append(name)
    return names


@page(anyone, of=Department, related="successor")
def department_page(request: HttpRequest, department: Department) -> HttpResponse:
    """One department: data, what each app tells of it, departments directly below, people for
    members who may see them, and history.
    """
    visible = Department.objects.visible_to(request.member).on(request.today)
    near = list(visible.filter(Q(parent=department) | Q(pk=department.parent_id)).order_by("code"))
    people = _people_of(request, department)
    versions = DepartmentVersion.objects.of(request.municipality).filter(department=department)
    context = {
        "department": department,
        "parent": next((row for row in near if row.pk == department.parent_id), None),
        "below": below_listing(row for row in near if row.parent_id == department.pk),
        "versions": versions_listing(versions.select_related("parent").order_by("-starts_on")),
        "panels": panels_of(request.member, department, request.today),
        "people": people,
        "posted": posted_listing(people or ()),
        "heads": _heads(request)[department.pk],
        "past_heads": past_heads_listing(_past_heads(request, department)),
        "predecessors": Department.objects.visible_to(request.member)
        .filter(successor=department)
        .order_by("code"),
        "office": is_office(request.member)
        and not department.is_body
        and department.ends_on is None,
    }
    return show(request, "municipality/directory/department.html", context)


def _past_heads(request: HttpRequest, department: Department) -> list[Posting]:
    """Former managers, the latest first; empty for members who may not see names."""
    if not may_see_names(request.member):
        return []
    rows = Posting.objects.of(request.municipality).filter(
        department=department, ends_on__lt=request.today, grants__role="manager"
    )
    return list(rows.select_related("member", "post").order_by("-ends_on", "-pk")[:MOST_PAST])


def _people_of(request: HttpRequest, department: Department) -> list[Posting] | None:
    """People posted there today with roles, by rank and kana; None for members who may not see
    people. The access is logged.
    """
    if not may_see_people(request.member):
        return None
    posted = (
        Posting.objects.visible_to(request.member).on(request.today).filter(department=department)
    )
    roles = Prefetch("grants", Grant.objects.visible_to(request.member))
    rows = (
        posted.select_related("member", "post")
        .prefetch_related(roles)
        .order_by("post__rank", "member__kana", "member__number")
    )
    people = list(rows)
    if people:
        note_reading("people.read", department, by=request.member, count=len(people))
    return people


@page(is_office, methods="GET POST")
def department_new(request: HttpRequest) -> HttpResponse:
    """Register one department; many are imported by file."""
    form = DepartmentForm(
        request.municipality, request.POST or None, initial={"starts_on": request.today}
    )
    if not valid(request, form):
        return show(request, "municipality/directory/department_new.html", {"form": form})
    department = found_department(
        request.municipality, **form.cleaned_data, by=request.member, now=request.now
    )
    return done(
        request, _("部署「%(name)s」を登録しました。") % {"name": department.name}, department
    )
