"""Who takes part: asked, and agreeing alone."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict, Denied
from municipality.core.registry import Passing
from municipality.notifications.models import Notice
from pilots.participants.handover import end_part
from pilots.participants.models import Participant
from pilots.participants.operations.participation import (
    add_participants,
    agree,
    decline,
    remove_participant,
)
from tests.build import pilots as build
from tests.build.municipality import a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
NOW = at(2026, 7, 22)


def states(pilot):
    return list(pilot.participants.order_by("pk").values_list("state", flat=True))


def test_people_are_asked_told_once_and_agree_alone():
    town = build.a_town()
    pilot = build.a_planned(town)
    asked = {"by": town.chief, "now": NOW, "device": "貸与端末"}
    add_participants(pilot, members=town.staff[:1], **asked)
    add_participants(pilot, members=town.staff[:2], **asked)
    with pytest.raises(Conflict, match="すでに参加を依頼しています"):
        add_participants(pilot, members=town.staff[:2], **asked)
    assert states(pilot) == ["asked", "asked"]
    assert Notice.objects.filter(rule="pilots.asked").count() == 2
    first = pilot.participants.first()
    with pytest.raises(Denied):
        agree(first, by=town.chief, now=NOW)
    agree(first, by=first.member, now=NOW)
    assert (first.state, first.agreed_on, first.device) == ("agreed", NOW.date(), "貸与端末")


def test_the_department_is_that_of_the_posting_inside_the_pilot():
    town = build.a_town()
    unit = a_department(town.body, "財政係", parent=town.kikaku, kind="unit")
    below = a_member(unit)
    rows = add_participants(build.a_planned(town), members=[below], by=town.chief, now=NOW)
    assert [row.department for row in rows] == [unit]


def test_who_is_posted_elsewhere_cannot_take_part():
    town = build.a_town()
    with pytest.raises(Conflict) as refused:
        add_participants(build.a_planned(town), members=[town.tax_staff], by=town.office, now=NOW)
    assert "江口 森" in str(refused.value.reason)
    assert Participant.objects.count() == 0


def test_who_declined_can_be_asked_again():
    town = build.a_town()
    pilot = build.a_planned(town)
    row = add_participants(pilot, members=town.staff[:1], by=town.chief, now=NOW)[0]
    decline(row, by=row.member, now=NOW)
    assert states(pilot) == ["left"]
    add_participants(pilot, members=town.staff[:1], by=town.chief, now=at(2026, 7, 23))
    assert states(pilot) == ["asked"]
    assert Notice.objects.filter(rule="pilots.asked").count() == 2


def test_joining_a_running_pilot_needs_the_courses():
    town = build.a_town()
    pilot = build.a_running(town)
    late = a_member(town.kikaku)
    row = add_participants(pilot, members=[late], by=town.chief, now=at(2026, 8, 10))[0]
    with pytest.raises(Conflict) as refused:
        agree(row, by=late, now=at(2026, 8, 10))
    assert "テレワークの基礎" in str(refused.value.reason)
    build.completed(town.course, [late])
    agree(row, by=late, now=at(2026, 8, 10))
    assert row.state == "agreed"


def test_once_evaluated_who_took_part_is_a_fact():
    town = build.a_town()
    pilot = build.an_evaluated(town)
    row = pilot.participants.first()
    with pytest.raises(Conflict):
        remove_participant(row, by=town.chief, now=at(2026, 11, 3))
    with pytest.raises(Conflict):
        add_participants(pilot, members=[a_member(town.kikaku)], by=town.chief, now=at(2026, 11, 3))
    assert not end_part(Passing(row.pk, pilot.name), date(2026, 11, 4))
    assert states(pilot) == ["agreed"] * 3


def test_taking_somebody_out_is_for_those_who_run_it():
    town = build.a_town()
    pilot = build.with_participants(build.a_planned(town), town.staff, by=town.chief)
    row = pilot.participants.first()
    with pytest.raises(Denied):
        remove_participant(row, by=town.staff[1], now=NOW)
    remove_participant(row, by=town.chief, now=NOW)
    assert states(pilot) == ["left", "agreed", "agreed"]


def test_the_list_links_whom_its_reader_may_open_and_names_the_others():
    town = build.a_town()
    pilot = build.a_planned(
        town, departments=[town.kikaku, town.zeimu], by=town.office, lead=town.office
    )
    own, other = add_participants(
        pilot, members=[town.tax_staff, town.staff[0]], by=town.office, now=at(2026, 7, 22)
    )
    client = signed_in(town.tax_chief)
    page = client.get(pilot.get_absolute_url()).content.decode().split("<main")[1]
    assert town.staff[0].name in page
    links = {row.get_absolute_url() for row in (own, other) if row.get_absolute_url() in page}
    assert links == {own.get_absolute_url()}
    assert client.get(other.get_absolute_url()).status_code == 404
