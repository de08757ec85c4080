"""Who leads a department: one town, and the same answer wherever it is asked."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import F
from django.utils import timezone

from evaluation.appraisal.access.evaluators import evaluator_of
from municipality.deadlines.kinds import LEADING
from municipality.deadlines.queries import Due
from municipality.organisation.leadership import (
    Leadership,
    RoleHolding,
    leadership_on,
    nearest_holders,
)
from municipality.organisation.models import Department, Member, Posting, authority_on
from municipality.organisation.staff_on import roster_from, roster_on
from municipality.reminders.recipients import People
from pilots.planning.rules import may_plan_for
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    also_posted,
    at,
    root_of,
    signed_in,
)

TODAY = date(2026, 11, 10)
JULY = date(2026, 7, 1)
KIKAKU, SOUMU = "1/1/2/", "1/1/3/"


def holding(member, path=KIKAKU, *, role="manager", rank=5, is_main=True, since=date(2026, 4, 1)):
    return RoleHolding(role, path, member, rank, is_main, since)


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([holding(2), holding(1)], [1, 2]),
        ([holding(1, since=JULY), holding(2)], [2, 1]),
        ([holding(1, rank=7), holding(2, since=JULY)], [2, 1]),
        ([holding(1, rank=2, is_main=False), holding(2, rank=9, since=JULY)], [2, 1]),
        ([holding(1), holding(1, is_main=False)], [1]),
        ([holding(1, SOUMU), holding(2, "1/1/")], [2]),
        ([holding(1, "1/1/2/4/"), holding(2, role="executive")], []),
        ([], []),
    ],
)
def test_main_before_concurrent_then_the_higher_post_then_the_longer_then_the_number(rows, order):
    assert Leadership(rows).nearest("manager", KIKAKU) == order
    assert Leadership(reversed(rows)).nearest("manager", KIKAKU) == order


def test_a_role_of_the_whole_body_is_held_wherever_its_holder_is_posted():
    leadership = Leadership([holding(1, SOUMU, role="office")])
    assert leadership.nearest("office", KIKAKU) == leadership.nearest("office", "1/") == [1]
    assert not leadership.leads(1, SOUMU)


@pytest.fixture
def town(db):
    """総務部 over five sections; each lacks, or has too much of, a manager in its own way."""
    body = a_body()
    division = a_department(body, "総務部", kind="division")
    sections = {
        name: a_department(body, name, parent=division)
        for name in ("空席課", "兼務課", "二人課", "休職課", "同時課")
    }
    a_member(root_of(body), "executive", post="町長", name="町長")
    director = a_member(division, "manager", post="副町長", name="部長")
    also_posted(director, sections["兼務課"], "manager", post="副町長")
    a_member(sections["兼務課"], "manager", post="係長", name="本務の係長")
    a_member(sections["二人課"], "manager", post="係長", name="二人課の係長")
    a_member(sections["二人課"], "manager", post="課長", name="二人課長", starts_on=JULY)
    away = a_member(sections["休職課"], "manager", post="課長", name="休職課長")
    Posting.objects.filter(member=away).update(status=Posting.Status.LEAVE)
    a_member(sections["休職課"], "manager", post="係長", name="代わりの係長")
    a_member(sections["同時課"], "manager", post="課長", name="七月の課長", starts_on=JULY)
    a_member(sections["同時課"], "manager", post="課長", name="四月の課長")
    for section in sections.values():
        a_member(section, name=f"{section.name}の職員")
    return body


LEADERS = {
    "空席課": ["部長"],
    "兼務課": ["本務の係長", "部長"],
    "二人課": ["二人課長", "二人課の係長"],
    "休職課": ["代わりの係長"],
    "同時課": ["四月の課長", "七月の課長"],
    "総務部": ["部長"],
}


@pytest.mark.parametrize(("name", "leaders"), LEADERS.items())
def test_every_outlet_names_the_same_leaders_in_the_same_order(town, name, leaders):
    department = Department.objects.get(name=name)
    path, names = department.path, dict(Member.objects.values_list("pk", "name"))
    numbers = {name: number for number, name in names.items()}
    expected = [numbers[name] for name in leaders]
    roster = roster_on(town, TODAY)
    kept = roster_from(town, roster.kept())
    due = Due("review", 1, 0, path, "manager", TODAY, TODAY, "", "")
    people = People(town, TODAY, [due])
    assert [member.pk for member in nearest_holders("manager", path, TODAY)] == expected
    assert leadership_on(town, TODAY).nearest("manager", path) == expected
    assert roster.leading("manager", department.pk) == expected
    assert kept.leading("manager", department.pk) == expected
    assert people.nearest("manager", path) == expected
    assert people.acting(due) == expected
    if staff := numbers.get(f"{name}の職員"):
        assert evaluator_of(roster.leadership, staff, path) == expected[0]
    nearest = [
        member.pk
        for member in Member.objects.all()
        if Department.objects.filter(pk=department.pk)
        .annotate(d_path=F("path"))
        .filter(authority_on(member, TODAY).answers_for)
        .exists()
    ]
    assert sorted(nearest) == sorted(expected)


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("部長", True),
        ("二人課長", True),
        ("二人課の係長", True),
        ("休職課長", False),
        ("町長", True),
        ("二人課の職員", False),
    ],
)
def test_whoever_leads_for_reminders_leads_for_pages_and_evaluations_too(town, name, leads):
    member = Member.objects.get(name=name)
    section = Department.objects.get(name="二人課")
    authority = authority_on(member, TODAY)
    found = Department.objects.filter(authority.led("path"), pk=section.pk)
    assert found.exists() is leads
    assert leadership_on(town, TODAY).leads(member.pk, section.path) is leads
    due = Due("review", 1, member.pk, section.path, LEADING, TODAY, TODAY, "", "")
    assert People(town, TODAY, [due]).acting(due) == ([member.pk] if leads else [])
    assert roster_on(town, TODAY).leadership.leads(member.pk, section.path) is leads
    assert (may_plan_for(_as_of(member), section) is True) is (leads and name != "町長")


def _as_of(member):
    member.authority = authority_on(member, TODAY)
    return member


def test_the_page_of_a_department_names_its_managers_in_that_order(town, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 10))
    office = a_member(root_of(town), "office")
    section = Department.objects.get(name="二人課")
    page = signed_in(office).get(f"/{town.pk}/departments/{section.pk}/")
    assert page.context["heads"] == LEADERS["二人課"]


def test_each_way_of_asking_reads_the_people_at_once(town, django_assert_num_queries):
    section = Department.objects.get(name="空席課")
    with django_assert_num_queries(1):
        nearest_holders("manager", section.path, TODAY)
    with django_assert_num_queries(1):
        leadership_on(town, TODAY)
    due = Due("review", 1, 0, section.path, "manager", TODAY, TODAY, "", "")
    with django_assert_num_queries(1):
        People(town, TODAY, [due])
