"""People with their postings of a day, and who of them is counted as staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest

from municipality.organisation.models import Department, EmploymentKind, Grant, Posting, after


def staff_postings(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    """Of these postings the main ones (本務, 在職) of people who count as staff by 任用区分: 特別職
    and people from outside are left out.
    """
    return postings.filter(~Exists(outside_staff()), **AT_WORK)


AT_WORK = {"kind": Posting.Kind.MAIN, "status": Posting.Status.PRESENT}
"""A posting by which somebody is at work: 本務 and 在職, not on leave and not sent elsewhere."""


def outside_staff() -> QuerySet[EmploymentKind]:
    """Within a query of rows with a `member`: the 任用区分 of those people who do not count as staff
    (特別職, people from outside).
    """
    return EmploymentKind.objects.filter(
        municipality=OuterRef("municipality"),
        name=OuterRef("member__employment"),
        counts_as_staff=False,
    )


def people_below(departments: Iterable[Department], postings: QuerySet[Posting]) -> dict[int, int]:
    """How many people with one of these postings have it in each department, or below it: by the
    department's number. One query; none without departments, which are all of one body.
    """
    departments = list(departments)
    below = Q(pk__in=[])
    for row in departments:
        below |= Q(department__path__gte=row.path, department__path__lt=after(row.path))
    held = postings.filter(below, municipality__in={row.municipality_id for row in departments})
    people = set(held.order_by().values_list("member", "department__path"))
    return {
        row.pk: len({member for member, path in people if row.contains(path)})
        for row in departments
    }


def staff_on_the_day(column: str) -> QuerySet[Posting]:
    """Of `at_work_on_the_day` the postings by which the person counted as staff."""
    return staff_postings(at_work_on_the_day(column))


def at_work_on_the_day(column: str) -> QuerySet[Posting]:
    """Within a query of rows with a `member` and a day in this column: the person's main postings
    (本務, 在職) of that day.
    """
    day = OuterRef(column)
    return Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        member=OuterRef("member"),
        starts_on__lte=day,
        **AT_WORK,
    )


def staff_by_department(code: str, day: date) -> dict[int, int]:
    """Number of staff of each department on a day, as rates count 全職員. One query."""
    staff = staff_postings(Posting.objects.of(code).on(day)).order_by()
    return dict(staff.values_list("department").annotate(Count("member", distinct=True)))


def with_postings(request: HttpRequest, listed: Iterable[Any]) -> None:
    """Give each person of the page `posted`: today's postings with roles, the one first from which
    they act. Two queries.
    """
    numbers = [member.pk for member in listed]
    roles = Prefetch("grants", Grant.objects.visible_to(request.member))
    rows = Posting.objects.of(request.municipality).on(request.today).filter(member__in=numbers)
    postings: dict[int, list[Posting]] = {number: [] for number in numbers}
    for posting in rows.select_related("department", "post").prefetch_related(roles).acting_first():
        postings[posting.member_id].append(posting)
    for member in listed:
        member.posted = postings[member.pk]
