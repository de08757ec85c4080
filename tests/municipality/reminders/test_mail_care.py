"""Own hours and pause, refused mail, wrong addresses, the test mail, and 準備中は送らない."""

from __future__ import annotations

import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from municipality.core.refusals import Conflict, Denied
from municipality.decisions.operations.decisions import approve
from municipality.notifications.models import Mail, MailHours, Notice
from municipality.notifications.operations.notify import notify
from municipality.notifications.operations.outbox import claim, deliver_mails
from municipality.organisation.models import Member, Municipality
from municipality.organisation.operations.people import change_member
from municipality.reminders.operations.mail_hours import set_mail_hours
from municipality.reminders.operations.mail_troubles import give_up, retry, send_test
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from municipality.tasks import run_day
from tests.build import decisions as build
from tests.build.municipality import (
    a_body,
    a_member,
    an_account,
    at,
    root_of,
    signed_in,
)
from tests.build.reminders import a_town_with_decisions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]


@pytest.fixture
def town():
    town = a_town_with_decisions(1)
    an_account(town.chief)
    return town


def round_at(town, month: int, number: int, hour: int = 9) -> int:
    now = at(2026, month, number, hour)
    body = Municipality.objects.get(pk=town.body.pk)
    plan_reminders(body, now=now)
    gather_mails(body, now=now)
    return deliver_mails(now=now)


def hours(town, **facts):
    set_mail_hours(
        town.chief.user, **{"from_hour": 0, "days_off": [], "paused_until": None, **facts}
    )


# --- own hours, days off, pause -------------------------------------------------------------------


def test_mail_waits_for_ones_own_hour_and_the_screen_does_not(town):
    hours(town, from_hour=13)
    assert round_at(town, 11, 6, 9) == 0
    assert Notice.objects.visible_to(town.chief).count() == 1
    assert (round_at(town, 11, 6, 13), round_at(town, 11, 6, 14)) == (1, 0)


def test_on_a_day_off_nothing_comes_and_afterwards_the_latest_stage_only(town):
    hours(town, days_off=[0])  # Mondays: 11/9 is the due day
    assert round_at(town, 11, 9) == 0
    assert round_at(town, 11, 10) == 1
    assert "期限を1開庁日過ぎています。" in mail.outbox[0].body
    assert mail.outbox[0].body.count("■") == 1


def test_a_pause_loses_nothing_and_is_followed_by_the_latest_stage_only(town):
    hours(town, paused_until=date(2026, 11, 12))
    assert [round_at(town, 11, number) for number in (6, 9, 10, 11, 12)] == [0, 0, 0, 0, 0]
    assert Notice.objects.visible_to(town.chief).count() == 4  # −1, 0, +1, +3 on screen
    assert round_at(town, 11, 13) == 1
    assert mail.outbox[0].body.count("■") == 1
    assert "期限を3開庁日過ぎています。" in mail.outbox[0].body
    assert round_at(town, 11, 13, 15) == 0


def test_what_was_done_during_the_pause_is_not_mailed_after_it(town):
    hours(town, paused_until=date(2026, 11, 9))
    round_at(town, 11, 9)
    approve(build.step_of(town.decision, 1), by=town.chief, now=at(2026, 11, 9, 12))
    round_at(town, 11, 10)
    assert [message for message in mail.outbox if message.to == [town.chief.mail]] == []


def test_security_mail_comes_whatever_one_set_and_a_decision_waits(town):
    hours(town, paused_until=date(2026, 11, 20))
    chief = Member.objects.select_related("user", "municipality").get(pk=town.chief.pk)
    notify(chief, "account.password", chief, now=at(2026, 11, 6))
    notify(chief, "decision.decided", town.decision, now=at(2026, 11, 6), title="件")
    assert deliver_mails(now=at(2026, 11, 6)) == 1
    assert "パスワードが変更されました" in mail.outbox[0].subject
    mail.outbox.clear()
    assert round_at(town, 11, 24) == 2  # and the office, to which the decision was escalated
    (message,) = [message for message in mail.outbox if message.to == [chief.mail]]
    assert "決裁済み「件」" in message.body


@pytest.mark.selfcheck
def test_without_the_pause_the_mail_would_go_out(town, monkeypatch):
    monkeypatch.setattr(
        "municipality.reminders.operations.mails.accepts", lambda own, now, hours=True: True
    )
    monkeypatch.setattr(
        "municipality.notifications.operations.notify.accepts", lambda own, now: True
    )
    hours(town, paused_until=date(2026, 11, 12))
    assert round_at(town, 11, 6) == 1


def test_run_day_ignores_the_hour_and_keeps_the_pause(town):
    hours(town, from_hour=20)
    assert run_day(at(2026, 11, 6, 19))[2] == 1
    hours(town, paused_until=date(2026, 11, 10))
    assert run_day(at(2026, 11, 9, 23))[2] == 0


def test_the_hours_of_others_are_read_in_one_query(town, django_assert_num_queries):
    for number in range(3):
        an_account(a_member(town.soumu, "manager", post="課長", mail=f"k{number}@town.example.jp"))
    body, now = Municipality.objects.get(), at(2026, 11, 6)
    plan_reminders(body, now=now)
    with django_assert_num_queries(9):
        assert gather_mails(body, now=now) == 4


def test_hours_are_set_on_ones_own_page(town):
    client = signed_in(Member.objects.select_related("user").get(pk=town.chief.pk))
    form = {"from_hour": "9", "days_off": ["2"], "paused_until": ""}
    assert client.post("/account/notices/", form).status_code == 302
    own = MailHours.objects.get()
    assert (own.user, own.from_hour, own.days_off, own.paused_until) == (
        town.chief.user,
        9,
        [2],
        None,
    )
    today = timezone.localdate()
    for wrong in (
        {"days_off": list("0123456")},
        {"paused_until": "2020-01-01"},
        {"from_hour": "25"},
        {"paused_until": (today + timedelta(days=400)).isoformat()},
    ):
        assert client.post("/account/notices/", {**form, **wrong}).status_code == 422
    assert client.get("/account/notices/").status_code == 200


# --- one mail a day, and after a silence ----------------------------------------------------------


def test_after_a_week_without_any_scheduler_everybody_gets_one_mail(town):
    for number in (2, 3, 4):
        build.a_running(town.drafter, town.soumu, subject_id=number, now=at(2026, 11, 4))
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    assert round_at(town, 11, 20) == 2  # the chief, and the office to which it was escalated
    assert sorted(message.to[0] for message in mail.outbox) == [
        "jimu@town.example.jp",
        "kacho@town.example.jp",
    ]
    assert [message.body.count("■") for message in mail.outbox] == [4, 4]
    assert round_at(town, 11, 20, 15) == 0


@pytest.mark.parametrize("order", [(-1, 0, 1), (1, 0, -1), (0, 1, 0, -1)])
def test_schedulers_whose_clocks_differ_by_an_hour_tell_once(town, order):
    for shift in order:
        round_at(town, 11, 6, 12 + shift)
    assert len(mail.outbox) == 1
    assert Notice.objects.visible_to(town.chief).count() == 1


# --- refused by the mail server -------------------------------------------------------------------


class Refusing(EmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"kacho@town.example.jp": (550, b"no such user")})


@pytest.fixture
def refused(town, settings) -> Mail:
    kept, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
    round_at(town, 11, 6)
    now = at(2026, 11, 6)
    for _try in range(20):
        now += timedelta(hours=2)
        deliver_mails(now=now)
    settings.EMAIL_BACKEND = kept
    return Mail.objects.get()


def test_what_the_server_never_takes_stands_on_a_page_with_the_reason(town, refused):
    assert (refused.state, refused.attempts) == ("refused", 12)
    page = signed_in(town.office).get(f"/{town.body.pk}/settings/mails/").content.decode()
    assert "no such user" in page
    assert town.chief.name in page
    assert "第2期試行への展開" not in page  # what it is about by its kind, never by its title


def test_it_can_be_tried_again_once_the_server_takes_it(town, refused):
    retry(refused, by=town.office, now=at(2026, 11, 9))
    assert deliver_mails(now=at(2026, 11, 9, 12)) == 1
    with pytest.raises(Conflict):
        retry(refused, by=town.office, now=at(2026, 11, 9))


def test_a_wrong_address_gets_no_more_mail_until_another_is_entered(town, refused):
    give_up(refused, by=town.office, now=at(2026, 11, 9))
    assert Mail.objects.get().state == Mail.State.DROPPED
    assert round_at(town, 11, 9) == 0
    assert Notice.objects.visible_to(town.chief).filter(stage="0").exists()  # on screen as ever
    assert (
        town.chief.name
        in signed_in(town.office).get(f"/{town.body.pk}/settings/mails/").content.decode()
    )
    chief = Member.objects.get(pk=town.chief.pk)
    facts = {"name": chief.name, "kana": chief.kana, "employment": ""}
    change_member(
        chief,
        edition=chief.edition,
        mail="kacho2@town.example.jp",
        **facts,
        by=town.office,
        now=at(2026, 11, 10),
    )
    assert round_at(town, 11, 10) == 1
    assert mail.outbox[-1].to == ["kacho2@town.example.jp"]


def test_mail_is_cared_for_by_the_office_of_the_body(town, refused):
    with pytest.raises(Denied):
        retry(refused, by=town.chief, now=at(2026, 11, 9))
    other = a_member(root_of(a_body("993026", "みどり町")), "office")
    with pytest.raises(Denied):
        give_up(refused, by=other, now=at(2026, 11, 9))


# --- the test mail, and 準備中は送らない ----------------------------------------------------------


def test_a_test_mail_goes_to_oneself_also_while_the_body_prepares(town):
    Municipality.objects.update(sending=False)
    office = Member.objects.select_related("municipality").get(pk=town.office.pk)
    send_test(by=office, now=at(2026, 11, 6))
    assert deliver_mails(now=at(2026, 11, 6)) == 1
    assert (mail.outbox[0].to, "テストメール" in mail.outbox[0].subject) == (
        ["jimu@town.example.jp"],
        True,
    )
    assert Notice.objects.visible_to(office).unread().count() == 0


def test_without_an_address_a_test_is_refused_and_others_send_none(town):
    with pytest.raises(Denied):
        send_test(by=town.chief, now=at(2026, 11, 6))
    Member.objects.filter(pk=town.office.pk).update(mail="")
    with pytest.raises(Conflict):
        send_test(by=Member.objects.get(pk=town.office.pk), now=at(2026, 11, 6))


def test_what_was_queued_before_the_body_stopped_sending_does_not_go_out(town):
    now = at(2026, 11, 6)
    plan_reminders(town.body, now=now)
    gather_mails(town.body, now=now)
    Municipality.objects.update(sending=False)
    assert deliver_mails(now=now) == 0
    assert Mail.objects.get().state == Mail.State.DROPPED


def test_a_lease_is_respected_until_it_runs_out(town):
    now = at(2026, 11, 6)
    plan_reminders(town.body, now=now)
    gather_mails(town.body, now=now)
    assert claim(now=now) is not None
    assert claim(now=now + timedelta(seconds=60)) is None
    assert claim(now=now + timedelta(hours=1)) is not None
