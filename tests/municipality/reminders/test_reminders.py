"""Reminders: who is told of what, on which day, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core import mail

from municipality.core.registry import deadlines
from municipality.decisions.operations.decisions import approve
from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.notify import notify
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member, Municipality, Posting
from municipality.organisation.open_days import OpenDays
from municipality.reminders import schedule
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from tests.build import decisions as build
from tests.build.municipality import a_department, a_member, at
from tests.build.reminders import a_town_with_decisions, reminder_stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]


@pytest.fixture
def town():
    return a_town_with_decisions(1)


def day(town, month, number, hour=9):
    now = at(2026, month, number, hour)
    plan_reminders(Municipality.objects.get(), now=now)
    gather_mails(Municipality.objects.get(), now=now)
    return deliver_mails(now=now)


def test_each_stage_is_told_once_on_its_day(town):
    for number in range(4, 18):
        day(town, 11, number)
    assert reminder_stages(town.chief) == ["-5", "-1", "0", "+1", "+3", "+5"]


def test_nothing_is_told_on_a_closed_day(town):
    assert day(town, 11, 7) == 0
    assert reminder_stages(town.chief) == []


def test_after_days_of_silence_only_the_highest_stage_is_told(town):
    assert day(town, 11, 12) == 1
    assert reminder_stages(town.chief) == ["+3"]


def test_after_a_week_without_a_clock_each_person_gets_one_mail_with_all_that_came_up(town):
    zeimu = a_department(town.body, "税務課")
    tax_chief = a_member(zeimu, "manager", post="課長", mail="zei@town.example.jp")
    here, there = (
        town.route,
        build.a_route(zeimu, (1, "decide", "課長", zeimu), name="税務課長決裁"),
    )
    for number, (route, sent) in enumerate([(here, 5), (there, 4), (there, 5), (there, 6)], 2):
        draft = build.a_draft(town.drafter, town.soumu, subject_id=number, now=at(2026, 11, sent))
        build.submit_decision(draft, by=town.drafter, now=at(2026, 11, sent), route=route)
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    sent = [
        day(town, 11, number) for number in (6, 13, 13, 14, 15)
    ]  # a Friday, then nothing until the next one
    assert sent == [2, 2, 0, 0, 0]
    assert Mail.objects.filter(day=date(2026, 11, 13), state="sent").count() == 2
    assert (reminder_stages(town.chief), reminder_stages(tax_chief)) == (
        ["-1", "-5", "+3", "+3"],
        ["-1", "-5", "-5", "+3", "+3", "+1"],
    )


def test_a_second_round_on_the_same_day_sends_nothing(town):
    assert day(town, 11, 6) == 1
    assert day(town, 11, 6, hour=17) == 0
    assert len(mail.outbox) == 1


def test_the_office_is_told_at_five_days_late_beside_the_person(town):
    day(town, 11, 16)
    assert reminder_stages(town.office) == ["+5"]
    assert Notice.objects.get(member=town.office).params["escalated"] is True


def test_what_is_between_two_people_is_told_to_nobody_else(town, monkeypatch):
    kept = replace(deadlines()["decision.step"], escalates="nobody")
    monkeypatch.setitem(deadlines(), "decision.step", kept)
    day(town, 11, 16)
    assert (reminder_stages(town.chief), reminder_stages(town.office)) == (["+5"], [])


def test_it_stops_when_the_thing_is_done_even_if_the_mail_is_already_queued(town):
    now = at(2026, 11, 6)
    plan_reminders(town.body, now=now)
    gather_mails(town.body, now=now)
    approve(build.step_of(town.decision, 1), by=town.chief, now=now)
    mail.outbox.clear()
    deliver_mails(now=now)
    assert [message.to for message in mail.outbox] == [
        [town.drafter.mail]
    ]  # told that it was decided
    assert Mail.objects.filter(batch="day1").get().state == Mail.State.DROPPED


def test_a_request_is_not_mailed_to_somebody_who_has_answered_it_meanwhile(town):
    decision = build.a_running(town.drafter, town.soumu, subject_id=2, now=at(2026, 11, 4))
    approve(build.step_of(decision, 1), by=town.chief, now=at(2026, 11, 4))
    deliver_mails(now=at(2026, 11, 4))
    assert [message.to for message in mail.outbox] == [[town.drafter.mail]]


def test_it_passes_to_the_successor(town):
    Posting.objects.filter(member=town.chief).update(ends_on=date(2026, 11, 5))
    successor = a_member(town.soumu, "manager", post="課長", starts_on=date(2026, 11, 6))
    day(town, 11, 6)
    assert (reminder_stages(town.chief), reminder_stages(successor)) == ([], ["-1"])


def test_a_body_that_is_preparing_sends_no_mail_and_does_not_catch_up_later(town):
    Municipality.objects.update(sending=False)
    assert day(town, 11, 6) == 0
    Municipality.objects.update(sending=True)
    assert day(town, 11, 6) == 0
    assert reminder_stages(town.chief) == ["-1"]


def test_several_things_for_one_person_go_in_one_mail(town):
    build.a_running(town.drafter, town.soumu, subject_id=2, now=at(2026, 11, 4))
    mail.outbox.clear()
    Mail.objects.all().update(state=Mail.State.DROPPED)
    assert day(town, 11, 6) == 1
    (message,) = [message for message in mail.outbox if message.to == ["kacho@town.example.jp"]]
    assert "2件" in message.subject


def test_an_urgent_notice_is_mailed_at_once_and_on_its_own(town):
    notify(town.chief, "decision.decided", town.decision, now=at(2026, 11, 7), title="件")
    assert deliver_mails(now=at(2026, 11, 7)) == 1


def test_a_person_without_an_address_is_told_on_screen_only(town):
    Member.objects.filter(pk=town.chief.pk).update(mail="")
    assert day(town, 11, 6) == 0
    assert reminder_stages(town.chief) == ["-1"]


def test_planning_takes_the_same_number_of_queries_for_three_things_as_for_one(
    town, django_assert_num_queries
):
    now = at(2026, 11, 6)
    with django_assert_num_queries(11):
        plan_reminders(town.body, now=now)
    for number in (2, 3):
        build.a_running(town.drafter, town.soumu, subject_id=number, now=at(2026, 11, 4))
    with django_assert_num_queries(11):
        plan_reminders(town.body, now=now)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2026-10-30", -5),
        ("2026-10-29", None),
        ("2026-11-06", -1),
        ("2026-11-09", 0),
        ("2026-11-10", 1),
        ("2026-11-11", 1),
        ("2026-11-12", 3),
        ("2026-11-16", 5),
        ("2026-12-25", 5),
    ],
)
def test_the_ladder_counts_open_days(today, stage):
    assert schedule.reached(date(2026, 11, 9), date.fromisoformat(today), OpenDays()) == stage
