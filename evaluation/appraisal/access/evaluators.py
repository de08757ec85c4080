"""Evaluators: the nearest manager above a person, from the postings of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from evaluation.appraisal.access.reach import main_postings
from municipality.organisation.leadership import Leadership, parent_path
from municipality.organisation.models import (
    SUBTREE,
    Department,
    Member,
    Municipality,
    Posting,
)

OUTSIDERS = {"consultant", "auditor"}


def evaluator_of(leadership: Leadership, member_id: int, path: str) -> int | None:
    """The nearest manager above somebody who works in the department with this path; None when
    nobody is above.

    Who leads a department is evaluated by the next above it. Above the last manager stand the
    executives: the one nearest in rank first (副町長 before 町長). Nobody evaluates themselves.
    """
    led = next((led for led in leadership.led_paths(member_id) if path.startswith(led)), "")
    start = parent_path(led) if led else path
    if managers := leadership.nearest_rows("manager", start, without=member_id):
        return managers[0].member
    executives = leadership.nearest_rows("executive", start, without=member_id)
    return min(executives, key=lambda row: -row.rank).member if executives else None


def staff_on(municipality: Municipality | str, day: date) -> dict[int, tuple[int, str]]:
    """Everybody who works in the body on the day, with the department of the main posting: {member:
    (department, path)}. One query.

    Consultants and auditors from outside are not staff; people on leave or seconded are left out,
    because they set no goals.
    """
    present = main_postings(day).filter(
        municipality=municipality, status=Posting.Status.PRESENT, member__is_active=True
    )
    inside = present.filter(~Q(grants__role__in=OUTSIDERS)).distinct()
    return {member: (department, path) for member, department, path in _places(inside)}


def places_of(members: Iterable[int], day: date) -> dict[int, tuple[int, str]]:
    """Departments of the main postings of these people on the day. One query."""
    return {
        member: (department, path)
        for member, department, path in _places(main_postings(day).filter(member__in=members))
    }


def _places(postings) -> list[tuple[int, int, str]]:
    return list(
        postings.order_by("starts_on").values_list("member", "department", "department__path")
    )


def leads_member(by: Member, member_id: int) -> bool:
    """Whether `by` leads, on the day of their authority, the department in which the person mainly
    works.
    """
    place = places_of([member_id], by.authority.day).get(member_id)
    return place is not None and any(by.authority.has(role, place[1]) for role in SUBTREE)


def departments_overseen(member: Member):
    """Departments of which the member may know numbers and that talks were held: all for HR and
    office, else those led.

    A department in which one is posted without leading it is not among them.
    """
    departments = Department.objects.of(member.municipality_id)
    if member.authority.is_hr or member.authority.is_office:
        return departments
    return departments.filter(member.authority.led("path"))


def people_led_by(member: Member):
    """People who mainly work in the departments that the member leads today, without the member."""
    led = main_postings(member.authority.day).filter(member.authority.led("department__path"))
    return (
        Member.objects.of(member.municipality_id)
        .filter(pk__in=led.values("member"), is_active=True)
        .exclude(pk=member.pk)
    )
