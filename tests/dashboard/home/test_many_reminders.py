"""A thousand things due on one day: a handful of queries, one mail a person, and a second run that
sends nothing.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import Member, Municipality, Post, Posting
from municipality.reminders.models import LadderVersion
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from tests.build.municipality import APRIL, a_body, a_department, a_member, at, root_of
from tests.build.training import a_course
from training.assignments.models import Assignment

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 6)
MANY = 1000


def due_for(body: Municipality, count: int) -> None:
    """So many people, each with a course to be taken by today."""
    department, course, clerk = (
        a_department(body),
        a_course(body),
        Post.objects.get(municipality=body, title="主事"),
    )
    people = Member.objects.bulk_create(
        Member(
            municipality=body,
            number=f"9{n:05d}",
            name=f"職員 {n}",
            kana=f"ショクイン {n:05d}",
            mail=f"p{n}@town.example.jp",
        )
        for n in range(count)
    )
    Posting.objects.bulk_create(
        Posting(
            municipality=body, member=person, department=department, post=clerk, starts_on=APRIL
        )
        for person in people
    )
    Assignment.objects.bulk_create(
        Assignment(
            municipality=body,
            course=course,
            member=person,
            due_on=date(2026, 11, 6),
            assigned_at=at(2026, 10, 1),
        )
        for person in people
    )


def counted(job, body: Municipality) -> tuple[int, int]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = job(body, now=NOW)
    return made, len(queries)


@pytest.mark.parametrize(
    "server", [pytest.param("", id="here"), pytest.param("server", marks=pytest.mark.race)]
)
def test_a_thousand_things_take_ten_queries_and_two_more(record_property, server):
    """SQLite takes 999 values in one statement and splits what is written in bulk; a server does
    not.
    """
    most = 10 + MANY / 500 if server else 10 + MANY / 25
    body = a_body()
    due_for(body, MANY)
    told, planning = counted(plan_reminders, body)
    mails, gathering = counted(gather_mails, body)
    assert (told, mails) == (MANY, MANY)
    assert planning <= most, planning
    assert gathering <= most, gathering
    assert (counted(plan_reminders, body)[0], counted(gather_mails, body)[0]) == (0, 0)
    assert Notice.objects.count() == Mail.objects.count() == MANY
    record_property("planning", planning)
    record_property("gathering", gathering)


def test_one_more_than_there_are_people_is_unusual_and_waits(record_property):
    body = a_body()
    due_for(body, 120)
    office = a_member(root_of(body), "office")
    LadderVersion.objects.create(
        municipality=body, version=1, stages=[0], cap=119, set_at=NOW, set_by=office
    )
    assert plan_reminders(body, now=NOW) == 0
    assert Notice.objects.filter(hold=None).exclude(rule="reminders.held").count() == 0
    assert gather_mails(body, now=NOW) == 1  # the office is told
