"""What the access log tells of who takes part in a pilot: names to the office, none to auditors."""

from __future__ import annotations

import pytest

from municipality.audit.models import Entry
from tests.build import pilots as build
from tests.build.municipality import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = build.a_town()
    build.an_approved(town)
    return town


def read(town, who, query="verb=pilot.agreed"):
    """The page and the file of the log, as text, and the lines of the page."""
    client, base = signed_in(who), f"/{town.body.pk}/log/"
    page = client.get(f"{base}?{query}")
    file = client.get(f"{base}export/?{query}&as=csv").getvalue().decode("utf-8-sig")
    rows = page.context["shown"].rows
    return page.content.decode() + file, [
        (row.actor, str(row.thing), row.subject_id) for row in rows
    ]


def test_an_auditor_reads_the_pilot_and_the_act_and_no_person(town):
    pilot = build.Pilot.objects.get()
    text, rows = read(town, town.auditor)
    assert rows == [("本人", "試行", pilot.pk)] * 3
    assert "参加に同意しました" in text
    for person in town.staff:
        assert person.name not in text
        assert person.number not in text


def test_the_office_reads_who_it_was(town):
    text, rows = read(town, town.office)
    assert {actor for actor, _thing, _number in rows} == {row.name for row in town.staff}
    assert all(row.number in text for row in town.staff)


@pytest.mark.parametrize("by", ["person", "department"])
def test_an_auditor_does_not_find_by_person_or_department_who_agreed(town, by):
    value = town.staff[0].name if by == "person" else town.kikaku.pk
    assert Entry.objects.filter(verb="pilot.agreed", actor_id=town.staff[0].pk).exists()
    assert read(town, town.auditor, f"verb=pilot.agreed&{by}={value}")[1] == []
    assert read(town, town.office, f"verb=pilot.agreed&{by}={value}")[1] != []
