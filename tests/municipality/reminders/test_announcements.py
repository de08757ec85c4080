"""お知らせ: in the office's own words to chosen people, seen before it is sent, and sent once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail

from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member, Municipality
from municipality.reminders.models import Announcement
from municipality.reminders.operations.announcements import (
    Audience,
    announce,
    members_meant,
    rules_to_ask,
    seal_of,
)
from municipality.reminders.operations.mails import gather_mails
from tests.build import decisions as build
from tests.build.municipality import a_department, a_member, at, signed_in
from tests.build.town import a_town, with_another_body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
TODAY = date(2026, 11, 6)
NOW = at(2026, 11, 6)


@pytest.fixture
def town():
    return a_town()


def names(town, **audience) -> set[str]:
    return {
        member.name.split()[-1] for member in members_meant(town.body, Audience(**audience), TODAY)
    }


def test_departments_roles_and_people_choose_people(town):
    below = a_member(a_department(town.body, "庶務係", parent=town.soumu), name="あおば町 係員")
    soumu = (town.soumu.pk,)
    assert names(town, departments=soumu) == {"総務課長", "職員", "係員"}
    assert names(town, roles=("manager",)) == {"総務課長", "税務課長"}
    assert names(town, departments=soumu, roles=("manager",)) == {"総務課長"}
    assert names(town, departments=soumu, roles=("manager",), people=(below.pk,)) == {
        "総務課長",
        "係員",
    }
    assert names(town) == set()


def test_whoever_left_or_was_cut_off_is_not_meant(town):
    Member.objects.filter(pk=town.people["staff"].pk).update(is_active=False)
    town.people["manager"].postings.update(ends_on=date(2026, 11, 5))
    assert names(town, departments=(town.soumu.pk,)) == set()


def test_those_who_have_not_answered_are_meant(town):
    build.a_route(town.soumu, (1, "decide", "課長", town.soumu))
    build.a_running(town.people["staff"], town.soumu, now=at(2026, 11, 4))
    assert names(town, rule="decision.step") == {"総務課長"}
    assert names(town, rule="decision.step", departments=(town.zeimu.pk,)) == set()


def test_what_stays_between_two_people_cannot_be_asked_for(town):
    offered = {deadline.rule for deadline in rules_to_ask()}
    assert offered & {"promise.keep", "sheet.agree", "sheet.goals"} == set()
    assert names(town, rule="promise.keep") == set()


def test_the_number_of_queries_does_not_grow(town, django_assert_num_queries):
    audience = Audience(departments=(town.soumu.pk,), roles=("staff",))
    with django_assert_num_queries(3):
        assert len(members_meant(town.body, audience, TODAY)) == 1
    for _number in range(5):
        a_member(town.soumu)
    with django_assert_num_queries(3):
        assert len(members_meant(town.body, audience, TODAY)) == 6


def send(town, audience: Audience, **other):
    facts = {
        "subject": "提出のお願い",
        "text": "%(title)s {title} <b>今週中</b>",
        "by": town.people["office"],
        "now": NOW,
    }
    members = members_meant(town.body, audience, TODAY)
    seen = seal_of(facts["subject"], facts["text"], members)
    return announce(town.body, audience, **{**facts, "seen": seen, **other})


def test_everybody_meant_is_told_on_screen_and_with_the_days_mail_once(town):
    row = send(town, Audience(roles=("manager",)))
    assert (row.count, Notice.objects.filter(rule="announcement").count()) == (2, 2)
    body = Municipality.objects.get(pk=town.body.pk)
    assert gather_mails(body, now=NOW) == 2
    assert gather_mails(body, now=NOW) == 0
    assert deliver_mails(now=NOW) == 2
    assert (
        "%(title)s {title} <b>今週中</b>" in mail.outbox[0].body
    )  # as it was written: nothing in it is evaluated
    assert Entry.objects.get(verb="announcement.sent").content.body["count"] == 2


def test_when_others_are_meant_than_were_shown_nothing_is_sent(town):
    audience = Audience(roles=("manager",))
    members = members_meant(town.body, audience, TODAY)
    a_member(town.zeimu, "manager", post="係長")
    with pytest.raises(Conflict):
        send(
            town, audience, seen=seal_of("提出のお願い", "%(title)s {title} <b>今週中</b>", members)
        )
    with pytest.raises(Conflict):
        send(town, Audience())
    assert not Notice.objects.exists()
    assert not Announcement.objects.exists()


def test_it_is_the_offices(town):
    with pytest.raises(Denied):
        send(town, Audience(roles=("manager",)), by=town.people["manager"])


def test_the_page_shows_the_number_before_anything_is_sent(town):
    client, address = signed_in(town.people["office"]), f"/{town.body.pk}/settings/announcements/"
    form = {"subject": "お願い", "text": "本文", "roles": ["manager"]}
    shown = client.post(address, form)
    page = shown.content.decode()
    assert (shown.status_code, Notice.objects.count()) == (200, 0)
    assert "2人に送ります" in page
    assert "総務課長" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert (
        client.post(address, {**form, "text": "別の本文", "seen": seen}).status_code == 200
    )  # shown again, not sent
    assert Notice.objects.count() == 0
    assert client.post(address, {**form, "seen": seen}).status_code == 302
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"roles": []}, "宛先を"),
        ({"people": "999999"}, "に当たる職員がいません"),
        ({"subject": ""}, "入力してください"),
        ({"departments": ["999999"]}, "選"),
        ({"roles": ["mayor"]}, "選"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(town, wrong, said):
    form = {"subject": "お願い", "text": "本文", "roles": ["manager"], **wrong}
    answer = signed_in(town.people["office"]).post(f"/{town.body.pk}/settings/announcements/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_people_of_another_body_are_never_meant():
    here, there = with_another_body()
    stranger = there.people["staff"].pk
    assert members_meant(here.body, Audience(people=(stranger,)), TODAY) == []
    assert members_meant(here.body, Audience(departments=(there.soumu.pk,)), TODAY) == []
