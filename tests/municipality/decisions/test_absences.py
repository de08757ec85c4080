"""Absences on the page of a person: noted by themselves or the office, and taken back."""

from __future__ import annotations

import pytest

from municipality.decisions.models import Absence
from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return with_another_body()[0]


AWAY = {"reason": "出張", "starts_on": "2035-05-01", "ends_on": "2035-05-08"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 302), ("office", 302), ("manager", 403), ("hr", 403), ("other manager", 404)],
)
def test_an_absence_is_noted_by_oneself_or_the_office(town, who, status):
    staff = town.people["staff"]
    assert town.post(who, f"people/{staff.pk}/absence/", **AWAY) == status
    assert Absence.objects.filter(member=staff).count() == (status == 302)


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"ends_on": "2035-04-01"}, {"starts_on": "いつか"}, {"ends_on": ""}]
)
def test_a_bad_absence_is_shown_again(town, wrong):
    staff = town.people["staff"]
    assert town.post("staff", f"people/{staff.pk}/absence/", **AWAY | wrong) == 422
    assert not Absence.objects.exists()


def test_an_absence_is_taken_back(town):
    staff = town.people["staff"]
    town.post("staff", f"people/{staff.pk}/absence/", **AWAY)
    absence = Absence.objects.get()
    assert town.post("other manager", f"absences/{absence.pk}/remove/") == 404
    assert town.get("staff", f"absences/{absence.pk}/remove/") == 405
    assert town.post("staff", f"absences/{absence.pk}/remove/") == 302
    assert not Absence.objects.exists()
