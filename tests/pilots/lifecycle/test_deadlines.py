"""What is due in the pilots, from whom, by when."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.deadlines.queries import due_things
from pilots.lifecycle.operations.steps import begin_evaluation, finish_pilot
from pilots.participants.models import Participant
from pilots.participants.operations.participation import add_participants
from pilots.planning.operations import change_pilot
from tests.build import pilots as build
from tests.build.municipality import at

pytestmark = pytest.mark.django_db


def due(town, rule, day):
    return [(row.member_id, row.due_on, row.title) for row in due_things(town.body, day, rule=rule)]


@pytest.fixture
def town():
    return build.a_town()


def test_who_was_asked_answers_by_the_last_open_day_before_it(town):
    pilot = build.a_planned(town)
    add_participants(pilot, members=town.staff[:1], by=town.chief, now=at(2026, 7, 22))
    assert due(town, "pilots.agree", date(2026, 7, 23)) == [
        (town.staff[0].pk, date(2026, 7, 31), "第1期試行(企画財政課)")
    ]
    build.agree(pilot.participants.get(), by=town.staff[0], now=at(2026, 7, 23))
    assert due(town, "pilots.agree", date(2026, 7, 23)) == []


def test_the_day_of_the_answers_follows_the_plan_and_who_is_asked_later_has_that_day(town):
    pilot = build.a_planned(town)
    add_participants(pilot, members=town.staff[:1], by=town.chief, now=at(2026, 7, 22))
    change_pilot(
        pilot,
        edition=pilot.edition,
        departments=[town.kikaku],
        starts_on=date(2026, 8, 12),
        by=town.chief,
        now=at(2026, 7, 23),
    )
    # 11 August is a holiday.
    assert [row[1] for row in due(town, "pilots.agree", date(2026, 7, 23))] == [date(2026, 8, 10)]
    Participant.objects.update(asked_on=date(2026, 8, 11))
    assert [row[1] for row in due(town, "pilots.agree", date(2026, 8, 11))] == [date(2026, 8, 11)]


def test_the_office_asks_participants_of_an_approved_pilot_until_there_are_any(town):
    pilot = build.a_planned(town)
    assert due(town, "pilots.ask", date(2026, 7, 23)) == []
    pilot = build.an_approved(town, name="第2期試行")
    pilot.participants.update(state="left", agreed_on=None)
    waiting = due_things(town.body, date(2026, 7, 23), rule="pilots.ask")
    assert [(row.role, row.object_id, row.due_on, row.title) for row in waiting] == [
        ("office", pilot.pk, date(2026, 7, 31), "第2期試行")
    ]
    add_participants(pilot, members=town.staff[:1], by=town.office, now=at(2026, 7, 23))
    assert due(town, "pilots.ask", date(2026, 7, 23)) == []


def test_the_lead_starts_an_approved_pilot_when_its_day_has_come(town):
    build.an_approved(town)
    assert due(town, "pilots.start", date(2026, 8, 2)) == []
    assert due(town, "pilots.start", date(2026, 8, 3)) == [
        (town.chief.pk, build.STARTS, "第1期試行(企画財政課)")
    ]


def test_the_lead_evaluates_within_ten_open_days_and_until_the_outcome_is_settled(town):
    pilot = build.a_used(town)
    assert due(town, "pilots.start", date(2026, 11, 2)) == []
    assert due(town, "pilots.evaluate", build.ENDS) == []
    waiting = [(town.chief.pk, date(2026, 11, 16), "第1期試行(企画財政課)")]
    assert due(town, "pilots.evaluate", date(2026, 10, 31)) == waiting
    begin_evaluation(pilot, by=town.chief, now=at(2026, 11, 2))
    assert due(town, "pilots.evaluate", date(2026, 11, 2)) == waiting
    finish_pilot(pilot, outcome="continue", note="続ける", by=town.chief, now=at(2026, 11, 3))
    assert due(town, "pilots.evaluate", date(2026, 11, 4)) == []


def test_nobody_is_reminded_while_the_expansion_is_being_decided(town):
    build.a_requested(town)
    assert due(town, "pilots.evaluate", date(2026, 11, 20)) == []
