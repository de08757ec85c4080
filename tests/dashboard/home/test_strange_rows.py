"""Rows of another version, or of a hand in the database: home shows them, or leaves them out, and
everything else stands.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from municipality.notifications.models import Notice
from tests.build.municipality import a_body, a_department, a_member, root_of, signed_in
from tests.build.training import a_course
from training.assignments.models import Assignment

pytestmark = pytest.mark.django_db


class Town:
    """A body in which one person has to take two courses, one of them late."""

    def __init__(self) -> None:
        self.body = a_body("993018")
        department = a_department(self.body)
        self.staff = a_member(department)
        self.manager = a_member(department, "manager")
        self.office = a_member(root_of(self.body), "office")
        today = timezone.localdate()
        self.late = self.assigned(today - timedelta(days=30))
        self.usual = self.assigned(today)

    def assigned(self, due_on: date) -> Assignment:
        return Assignment.objects.create(
            municipality=self.body,
            course=a_course(self.body),
            member=self.staff,
            due_on=due_on,
            assigned_at=timezone.now(),
        )

    def escalated(self, number: int, above: object) -> None:
        Notice.objects.create(
            municipality=self.body,
            member=self.manager,
            rule="training.assignment",
            object_id=self.late.pk,
            due_on=self.late.due_on,
            key=f"above {number}",
            told_at=timezone.now(),
            params={"escalated": True, "above": above},
        )


@pytest.fixture
def town():
    return Town()


def opens(town: Town) -> None:
    for person in (town.staff, town.manager, town.office):
        answer = signed_in(person).get(f"/{town.body.pk}/")
        assert answer.status_code == 200
    assert (
        town.usual.course.title in signed_in(town.staff).get(f"/{town.body.pk}/").content.decode()
    )


@pytest.mark.parametrize("above", [7, ["office"], {"office": 1}, "mayor", None])
def test_a_reminder_to_somebody_unknown(town, above):
    town.escalated(1, "manager")
    town.escalated(2, above)
    opens(town)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_out_of_reach(town, day):
    Assignment.objects.filter(pk=town.late.pk).update(due_on=day)
    opens(town)
