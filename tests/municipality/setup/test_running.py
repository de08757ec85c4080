"""動作状況: what has stopped is said on the office's first page, and explained on a page of its
own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from municipality.notifications.models import Mail
from municipality.setup.models import Pulse
from municipality.setup.system_status import failing, look
from tests.build.town import with_another_body

pytestmark = pytest.mark.django_db
WARNING = "止まっている処理があります"


@pytest.fixture
def town():
    return with_another_body()[0]


def shown(town, who: str, address: str = "") -> str:
    return town.client(who).get(f"/{town.body.pk}/{address}").content.decode()


def seen(name: str, *, seconds: int) -> None:
    Pulse.objects.update_or_create(
        name=name, defaults={"at": timezone.now() - timedelta(seconds=seconds)}
    )


def test_the_office_is_told_of_a_scheduler_that_is_silent_for_two_intervals(town, settings):
    settings.TICK_SECONDS = 60
    seen("scheduler", seconds=110)
    assert WARNING not in shown(town, "office")
    seen("scheduler", seconds=125)
    assert WARNING in shown(town, "office")
    assert [WARNING in shown(town, who) for who in ("staff", "manager", "hr")] == [False] * 3


def test_the_office_is_told_of_mails_that_wait_too_long(town):
    member, now = town.people["staff"], timezone.now()
    mail = Mail.objects.create(
        municipality=town.body,
        member=member,
        day=timezone.localdate(now),
        batch="n1",
        queued_at=now,
    )
    assert WARNING not in shown(town, "office")
    Mail.objects.filter(pk=mail.pk).update(queued_at=now - timedelta(minutes=16))
    assert WARNING in shown(town, "office")
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.DROPPED)
    assert WARNING not in shown(town, "office")


def test_the_page_names_each_part_with_its_state_and_what_it_means(town, settings):
    settings.TICK_SECONDS, settings.SWEEP_SECONDS = 60, 15
    seen("scheduler", seconds=10)
    seen("worker", seconds=3600)
    seen("bodies", seconds=10)
    seen("imports", seconds=10)
    page = shown(town, "office", "settings/running/")
    assert (page.count(">動作中<"), page.count(">停止<")) == (9, 1)
    assert "止まっている間は、メールが出ません" in page


def test_a_mark_ahead_of_the_clock_is_no_sign_of_life(town):
    seen("scheduler", seconds=-3600)
    assert not next(part for part in look(timezone.now()) if part.part.name == "scheduler").works


def test_a_mail_that_was_given_up_stands_there_and_among_the_warnings(town):
    member, now = town.people["staff"], timezone.now()
    mail = Mail.objects.create(
        municipality=town.body,
        member=member,
        day=timezone.localdate(now),
        batch="n1",
        queued_at=now,
        state=Mail.State.REFUSED,
    )
    stopped = shown(town, "office", "settings/running/").count(">停止<")
    assert "refused_mails" in failing(now)[1]
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.DROPPED)
    assert "refused_mails" not in failing(now)[1]
    assert shown(town, "office", "settings/running/").count(">停止<") == stopped - 1


def test_the_page_asks_the_same_number_of_questions_whatever_waits(town, django_assert_num_queries):
    client, address = town.client("office"), f"/{town.body.pk}/settings/running/"
    seen("bodies", seconds=10)
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    now = timezone.now()
    for number, who in enumerate(("staff", "manager", "hr")):
        Mail.objects.create(
            municipality=town.body,
            member=town.people[who],
            day=timezone.localdate(now),
            batch=f"n{number}",
            queued_at=now,
        )
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 14
