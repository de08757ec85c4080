"""What watchers are told: alive, and able to work; components are named and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from municipality.notifications.models import Mail
from municipality.setup import system_status as parts
from municipality.setup.models import Pulse
from tests.build.municipality import a_body, a_department, a_member

PROCESSES = ["scheduler", "worker", "bodies", "imports"]
ALL = ["database", "cache", "broker", *PROCESSES, "mail", "jobs", "refused_mails"]


def test_alive_is_answered_without_the_database(client):
    """No database mark: a query would fail the test."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "session" not in answer.cookies


@pytest.fixture
def running(db):
    now = timezone.now()
    for name in PROCESSES:
        Pulse.objects.create(name=name, at=now)


def failing(client) -> list[str]:
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == (503 if told["failing"] else 200)
    assert told["ready"] is not bool(told["failing"])
    assert set(told) == {"ready", "failing", "warnings"}
    return told["failing"]


def test_when_all_works_it_is_ready(client, running):
    assert failing(client) == []


@pytest.mark.parametrize(
    ("name", "seconds"), [("scheduler", 121), ("worker", 31), ("bodies", 121), ("imports", 1201)]
)
def test_a_part_that_is_silent_for_two_intervals_is_named(client, running, name, seconds, settings):
    a_body()
    settings.TICK_SECONDS, settings.SWEEP_SECONDS = 60, 15
    Pulse.objects.filter(name=name).update(at=timezone.now() - timedelta(seconds=seconds - 5))
    assert failing(client) == []
    Pulse.objects.filter(name=name).update(at=timezone.now() - timedelta(seconds=seconds))
    assert failing(client) == [name]
    Pulse.objects.filter(name=name).delete()
    assert failing(client) == [name]


def test_without_a_body_nobody_misses_the_worker_of_the_bodies(client, running):
    Pulse.objects.filter(name="bodies").delete()
    assert failing(client) == []
    a_body()
    assert failing(client) == ["bodies"]


def test_a_mail_that_waits_too_long_is_a_backlog(client, running):
    member = a_member(a_department(a_body()))
    now = timezone.now()
    mail = Mail.objects.create(
        municipality_id="993018", member=member, day=now.date(), batch="n1", queued_at=now
    )
    assert failing(client) == []
    Mail.objects.filter(pk=mail.pk).update(queued_at=now - timedelta(minutes=16))
    assert failing(client) == ["mail"]
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=now)
    assert failing(client) == []


def test_a_broker_that_is_not_there_is_named_quickly(client, running, monkeypatch):
    elsewhere = current_app.connection_for_write("redis://127.0.0.1:1/0", connect_timeout=0.3)
    monkeypatch.setattr(current_app, "connection_for_write", lambda **_options: elsewhere)
    begun = timezone.now()
    assert failing(client) == ["broker"]
    assert timezone.now() - begun < timedelta(seconds=3)


@pytest.mark.django_db(transaction=True)
def test_a_cache_without_its_table_is_named_and_nothing_else(client, running):
    rename = "ALTER TABLE {} RENAME TO {}"
    with connection.cursor() as cursor:
        cursor.execute(rename.format("cache", "elsewhere"))
    try:
        assert failing(client) == ["cache"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(rename.format("elsewhere", "cache"))
    assert failing(client) == []


def test_without_a_database_it_is_said_and_not_raised(client, monkeypatch, settings):
    """Again no database mark: every query is refused."""
    told = client.get("/readyz").json()
    assert "database" in told["failing"]
    assert set(told["failing"]) <= set(ALL)


def test_every_component_has_its_check():
    assert [part.name for part in parts.PARTS] == ALL
    assert cache is not None


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_they_are_asked_only(client, running, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code in {200, 503}
