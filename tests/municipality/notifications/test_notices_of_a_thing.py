"""The notices of a thing are read by their index, also where the database has no statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.home.side_panels import escalations_of
from municipality.deadlines.queries import Due
from municipality.organisation.models import Member
from municipality.reminders.operations.planning import Reminder, untold
from tests.build.municipality import a_body, a_member, root_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps statistics"),
]
TODAY = date(2026, 11, 6)
MANY = 490


def late_things() -> list[Due]:
    """Things of two kinds, due at different days that are past."""
    return [
        Due(rule, number, 0, "", "", date(2026, 11, 1 + number % 4), date(2026, 10, 1), "", "")
        for rule in ("evaluation.review", "training.course")
        for number in range(MANY)
    ]


def plan_of(work: Callable[[], object]) -> list[str]:
    """How the database searches the notices in what the work asks."""
    with CaptureQueriesContext(connection) as queries:
        work()
    asked = [each["sql"] for each in queries if 'FROM "municipality_notice"' in each["sql"]]
    assert asked
    plans = []
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plans += [row[3] for row in cursor.fetchall()]
    return [line for line in plans if "municipality_notice" in line]


def planning(member: Member) -> object:
    reminders = [Reminder(member.pk, str(due.object_id), "0", "", due) for due in late_things()]
    return untold(member.municipality, reminders)


def home(member: Member) -> object:
    return escalations_of(member, late_things(), TODAY)


@pytest.mark.parametrize("asking", [planning, home])
def test_notices_of_things_are_searched_by_their_index(asking):
    member = a_member(root_of(a_body()))
    plan = plan_of(lambda: asking(member))
    assert plan
    assert [line for line in plan if "notice_of_a_thing" not in line] == []
