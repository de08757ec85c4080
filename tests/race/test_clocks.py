"""Workers whose own clocks are wrong share the database's: no lease is taken from a worker that is
still sending.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from municipality.notifications.models import Mail, Notice
from municipality.notifications.operations.notify import mail_at_once
from municipality.notifications.operations.outbox import claim, database_now, deliver_mails
from tests.build.municipality import a_body, a_member, root_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queued() -> Mail:
    office = a_member(root_of(a_body()), "office", mail="jimu@town.example.jp")
    now = timezone.now()
    notice = Notice.objects.create(
        municipality_id=office.municipality_id,
        member=office,
        rule="mail.test",
        object_id=1,
        key="test",
        told_at=now,
    )
    mail_at_once(notice, now=now)
    return Mail.objects.get()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_wrong_takes_no_mail_that_another_is_sending(queued, monkeypatch, hours):
    assert claim(now=database_now()) is not None
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
    assert abs(database_now() - real()) < timedelta(minutes=1)
    assert deliver_mails() == 0
    assert Mail.objects.get().state == Mail.State.CLAIMED


@pytest.mark.selfcheck
def test_by_its_own_clock_it_would_take_it(queued):
    assert claim(now=database_now()) is not None
    assert claim(now=timezone.now() + timedelta(hours=1)) is not None


def test_nobody_waits_for_a_row_that_another_holds_for_ever():
    """Else a job that waits in the database outlives its limit of time."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min",)
