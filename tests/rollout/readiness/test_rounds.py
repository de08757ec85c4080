"""A round that runs: who is told, more time, one more department, open again."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Mail, Notice
from rollout.readiness.models import Round
from rollout.readiness.operations.rounds import (
    add_department,
    close_round,
    extend_assessment,
    extend_round,
    reopen_round,
)
from tests.build import rollout as build
from tests.build.municipality import a_department, a_member, at, signed_in

pytestmark = pytest.mark.django_db
NOW, LATER = at(2026, 10, 20), date(2026, 11, 20)


def told(rule):
    return {
        (row.member.name, row.due_on)
        for row in Notice.objects.filter(rule=rule).select_related("member")
    }


def test_opening_tells_managers_and_clerks_at_once_by_mail_too(town):
    build.a_round(town.body, town.office)
    assert told("readiness.opened") == {
        (town.manager.name, build.DUE_ON),
        (town.clerk.name, build.DUE_ON),
        (town.other_manager.name, build.DUE_ON),
    }
    mailed = Mail.objects.filter(member__in=[town.manager, town.other_manager])
    assert mailed.filter(batch__startswith="n").count() == 2


def test_a_clerk_who_is_away_for_long_is_told_nothing(town):
    town.clerk.postings.update(status="leave")
    build.a_round(town.body, town.office)
    assert {name for name, _day in told("readiness.opened")} == {
        town.manager.name,
        town.other_manager.name,
    }


def test_who_leads_several_departments_is_told_once(town):
    a_department(town.body, "庶務係", parent=town.soumu, kind="unit")
    build.a_round(town.body, town.office)
    assert Notice.objects.filter(rule="readiness.opened", member=town.manager).count() == 1


def test_more_time_for_all_moves_what_is_still_with_the_departments_and_tells_again(town):
    round_ = build.a_round(town.body, town.office)
    handed_in = build.submitted(round_, town.soumu, town.manager)
    extend_round(round_, due_on=LATER, by=town.office, now=NOW)
    waiting = build.an_assessment(round_, town.zeimu)
    handed_in.refresh_from_db()
    assert (round_.due_on, waiting.due_on, handed_in.due_on) == (LATER, LATER, build.DUE_ON)
    assert told("readiness.extended") == {(town.other_manager.name, LATER)}


def test_more_time_for_one_department_leaves_the_others(town):
    round_ = build.a_round(town.body, town.office)
    extend_assessment(
        build.an_assessment(round_, town.soumu), due_on=LATER, by=town.office, now=NOW
    )
    assert build.an_assessment(round_, town.soumu).due_on == LATER
    assert build.an_assessment(round_, town.zeimu).due_on == build.DUE_ON
    assert {name for name, _day in told("readiness.extended")} == {
        town.manager.name,
        town.clerk.name,
    }


@pytest.mark.parametrize(
    "day",
    [date(2026, 10, 19), build.DUE_ON, date(2026, 11, 21), date(2038, 1, 4)],
    ids=["past", "no later", "closed day", "too far"],
)
def test_a_due_date_is_an_open_day_after_the_present_one(town, day):
    round_ = build.a_round(town.body, town.office)
    with pytest.raises(Conflict):
        extend_round(round_, due_on=day, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        extend_assessment(
            build.an_assessment(round_, town.soumu), due_on=day, by=town.office, now=NOW
        )
    assert build.an_assessment(round_, town.soumu).due_on == build.DUE_ON


def test_a_department_joins_a_running_round_once(town):
    round_ = build.a_round(town.body, town.office, departments=[town.soumu])
    asked = add_department(round_, town.zeimu, by=town.office, now=NOW)
    assert (asked.due_on, asked.answers.count()) == (build.DUE_ON, 28)
    assert (town.other_manager.name, build.DUE_ON) in told("readiness.opened")
    with pytest.raises(Conflict):
        add_department(round_, town.zeimu, by=town.office, now=NOW)


def test_a_closed_round_opens_again_with_a_new_due_date_if_no_other_is_open(town):
    first = build.a_round(town.body, town.office)
    close_round(first, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        add_department(first, town.zeimu, by=town.office, now=NOW)
    second = build.a_round(town.body, town.office, "第2回", now=NOW)
    with pytest.raises(Conflict):
        reopen_round(first, due_on=LATER, by=town.office, now=NOW)
    close_round(second, by=town.office, now=NOW)
    reopen_round(first, due_on=LATER, by=town.office, now=NOW)
    assert (first.state, first.closed_at, first.due_on) == (Round.State.OPEN, None, LATER)
    assert build.an_assessment(first, town.soumu).due_on == LATER


@pytest.mark.usefixtures("tenth")
def test_a_round_is_not_opened_again_with_an_earlier_due_date(town):
    round_ = build.a_round(town.body, town.office, due_on=LATER)
    close_round(round_, by=town.office, now=NOW)
    earlier = date(2026, 11, 19)
    with pytest.raises(Conflict):
        reopen_round(round_, due_on=earlier, by=town.office, now=NOW)
    address = reverse("rollout:extend_round", args=[town.body.pk, round_.pk])
    answer = signed_in(town.office).post(address, {"due_on": earlier.isoformat()})
    assert answer.status_code == 422
    words = "提出の期限は、令和8年11月20日(金)以降の日にしてください。"
    assert words in answer.content.decode()
    assert signed_in(town.office).post(address, {"due_on": LATER.isoformat()}).status_code == 302
    round_.refresh_from_db()
    assert (round_.state, round_.due_on) == (Round.State.OPEN, LATER)


@pytest.mark.parametrize(
    "day",
    [date(2026, 10, 19), date(2026, 11, 21), date(2038, 1, 4)],
    ids=["past", "closed day", "too far"],
)
def test_a_round_is_opened_until_an_open_day(town, day):
    with pytest.raises(Conflict):
        build.a_round(town.body, town.office, due_on=day, now=NOW)
    assert not Round.objects.exists()


def test_only_the_office_changes_a_round(town):
    round_ = build.a_round(town.body, town.office)
    with pytest.raises(Denied):
        extend_round(round_, due_on=LATER, by=town.manager, now=NOW)
    with pytest.raises(Denied):
        add_department(round_, town.zeimu, by=town.manager, now=NOW)
    with pytest.raises(Denied):
        reopen_round(round_, due_on=LATER, by=a_member(town.soumu, "hr"), now=NOW)
