"""Assigning to a department says how many people it is before it is done; courses out of use stay
listed for the office.
"""

from __future__ import annotations

import pytest

from tests.build import training as build
from tests.build.municipality import at, signed_in
from training.assignments.models import Assignment
from training.courses.models import Course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october(monkeypatch):
    """The day is 20 October 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(2026, 10, 20))


@pytest.fixture
def assigning(town):
    town.course = build.a_course(town.body, "T02")
    town.sent = {
        "department": town.soumu.pk,
        "roles": ["staff", "manager"],
        "due_on": "2026-12-01",
        "skip_valid": "on",
    }
    town.path = f"/{town.body.pk}/training/courses/{town.course.pk}/assign/"
    return town


def test_the_number_of_people_is_asked_before_a_department_is_assigned(assigning):
    client = signed_in(assigning.office)
    answer = client.post(assigning.path, assigning.sent)
    assert answer.status_code == 200
    assert "3人に割り当てます" in answer.content.decode()
    assert Assignment.objects.count() == 0
    assert client.post(assigning.path, assigning.sent | {"expected": "3"}).status_code == 302
    assert Assignment.objects.count() == 3


def test_another_number_than_the_one_shown_is_asked_again(assigning):
    client = signed_in(assigning.office)
    answer = client.post(assigning.path, assigning.sent | {"expected": "2"})
    assert (answer.status_code, Assignment.objects.count()) == (200, 0)


def test_who_names_the_people_is_not_asked(assigning):
    client = signed_in(assigning.office)
    numbers = assigning.sent | {"named": "S0101"}
    assert client.post(assigning.path, numbers).status_code == 302
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-10-19", "2026-12-06", "2026-11-03"])
def test_a_day_that_is_over_or_closed_is_refused(assigning, day):
    client = signed_in(assigning.office)
    sent = assigning.sent | {"due_on": day, "named": "S0101"}
    assert client.post(assigning.path, sent).status_code == 422
    assert Assignment.objects.count() == 0


def test_a_course_out_of_use_stays_in_the_offices_list_under_a_filter(assigning):
    Course.objects.update(is_active=False)
    path = f"/{assigning.body.pk}/training/"
    office = signed_in(assigning.office)
    assert "情報セキュリティ基礎" not in office.get(path).content.decode()
    listed = office.get(f"{path}?use=out").content.decode()
    assert "情報セキュリティ基礎" in listed
    assert "使わない研修" in listed
    own = signed_in(assigning.staff).get(f"{path}?use=out").content.decode()
    assert "情報セキュリティ基礎" not in own
