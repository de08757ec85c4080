"""Planning a pilot and fixing its criteria."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.planning.models import SuccessCriterion
from pilots.planning.operations import change_pilot
from pilots.results.operations import fix_criteria
from tests.build import pilots as build
from tests.build.municipality import at

pytestmark = pytest.mark.django_db
NOW = at(2026, 7, 22)


def change(pilot, **facts):
    facts = {"departments": pilot.places, "edition": pilot.edition, "now": NOW, **facts}
    return change_pilot(pilot, **facts)


def test_a_manager_plans_for_the_own_department_only():
    town = build.a_town()
    with pytest.raises(Denied):
        build.a_planned(town, by=town.tax_chief)
    assert (
        build.a_planned(town, departments=[town.zeimu], by=town.tax_chief, lead=None).lead
        == town.tax_chief
    )


def test_a_plan_needs_departments_and_days_in_their_order():
    town = build.a_town()
    with pytest.raises(Conflict):
        build.a_planned(town, departments=[])
    with pytest.raises(Conflict):
        build.a_planned(town, ends_on=date(2026, 8, 2))


def test_planning_leaves_one_line_in_the_history():
    town = build.a_town()
    pilot = build.a_planned(town, criteria=())
    lines = Entry.objects.filter(subject_type="pilots.pilot", subject_id=pilot.pk)
    assert [(line.verb, line.actor_id) for line in lines] == [("pilot.planned", town.chief.pk)]


def test_a_stale_change_is_refused():
    town = build.a_town()
    pilot = build.a_planned(town)
    seen = pilot.edition
    change(pilot, name="改めた名前", by=town.chief)
    with pytest.raises(Conflict):
        change(pilot, edition=seen, name="古い名前", by=town.office)
    pilot.refresh_from_db()
    assert pilot.name == "改めた名前"


def test_a_manager_keeps_departments_of_others_but_adds_none():
    town = build.a_town()
    pilot = build.a_planned(town, departments=[town.kikaku, town.zeimu], by=town.office)
    change(pilot, departments=[town.kikaku, town.zeimu], by=town.chief)
    pilot = build.a_planned(town, name="別の試行")
    with pytest.raises(Denied):
        change(pilot, departments=[town.kikaku, town.zeimu], by=town.chief)


def test_criteria_are_replaced_while_planned_and_carry_the_time():
    town = build.a_town()
    pilot = build.a_planned(town)
    fix_criteria(
        pilot,
        criteria=[("K38", "at_least", Decimal("2.04"))],
        edition=pilot.edition,
        by=town.chief,
        now=NOW,
    )
    row = SuccessCriterion.objects.get(pilot=pilot)
    assert (row.indicator, row.threshold, row.fixed_at) == ("K38", Decimal("2.0"), NOW)


@pytest.mark.parametrize("criteria", [[], [("K99", "at_least", Decimal(1))]])
def test_criteria_that_judge_nothing_are_refused(criteria):
    town = build.a_town()
    with pytest.raises(Conflict):
        fix_criteria(build.a_planned(town), criteria=criteria, edition=1, by=town.chief, now=NOW)


@pytest.mark.parametrize("state", [build.an_approved, build.a_running, build.an_evaluated])
def test_criteria_cannot_be_changed_once_it_was_put_to_decision(state):
    town = build.a_town()
    pilot = state(town)
    with pytest.raises(Conflict):
        fix_criteria(pilot, criteria=build.CRITERIA, edition=pilot.edition, by=town.office, now=NOW)
    assert pilot.criteria.count() == 2


def test_without_criteria_nothing_is_put_to_decision():
    town = build.a_town()
    with pytest.raises(Conflict) as refused:
        request_pilot_decision(build.a_planned(town, criteria=()), by=town.chief, now=NOW)
    assert refused.value.address.endswith("/criteria/")
