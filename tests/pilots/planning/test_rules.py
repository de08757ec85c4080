"""Who may, in the pilots: one table."""

from __future__ import annotations

import pytest

from pilots.expansion.rules import may_expand
from pilots.participants.rules import gate_of_pilot, may_see_participants, may_take_part
from pilots.planning.rules import may_plan, may_plan_for, may_run
from tests.build import pilots as build
from tests.build.municipality import a_member

pytestmark = pytest.mark.django_db

PERSONS = ("office", "chief", "staff", "tax_chief", "mayor", "hr", "consultant", "auditor")
TABLE = {
    "may_plan": "office chief tax_chief",
    "may_plan_for": "office chief",
    "may_run": "office chief",
    "may_expand": "office chief",
    "may_see_participants": "office chief mayor hr",
    "gate_of_pilot": "office chief tax_chief mayor hr",
}


def test_who_may():
    town = build.a_town()
    pilot = build.a_planned(town)
    people = {name: getattr(town, name, None) for name in PERSONS}
    people["staff"], people["hr"] = town.staff[0], a_member(town.root, "hr")
    asked = {
        "may_plan": may_plan,
        "may_plan_for": lambda member: may_plan_for(member, town.kikaku),
        "may_run": lambda member: may_run(member, pilot),
        "may_expand": lambda member: may_expand(member, pilot),
        "may_see_participants": lambda member: may_see_participants(member, pilot),
        "gate_of_pilot": lambda member: gate_of_pilot(member, pilot).is_open,
    }
    found = {
        rule: " ".join(name for name in PERSONS if answer(people[name]))
        for rule, answer in asked.items()
    }
    assert found == TABLE


def test_whoever_leads_a_pilot_runs_it_without_any_role():
    town = build.a_town()
    pilot = build.a_planned(town, lead=town.staff[0])
    assert may_run(town.staff[0], pilot) is True
    assert not may_run(town.staff[1], pilot)


def test_nobody_agrees_for_somebody_else():
    town = build.a_town()
    pilot = build.with_participants(build.a_planned(town), town.staff, by=town.chief)
    participant = pilot.participants.get(member=town.staff[0])
    answers = {
        member.name: bool(may_take_part(member, participant))
        for member in (*town.staff, town.chief, town.office)
    }
    assert [name for name, may in answers.items() if may] == ["安藤 海"]
