"""What goes on working when a part is down: pages without a broker, a database that came back, a
mail server that did.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.urls import reverse
from django.utils import timezone

from municipality.accounts.models import User
from municipality.decisions.models import Decision
from municipality.notifications.models import Mail
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import ClosedDay, Member
from municipality.setup.models import Pulse
from tests.browser.walk import code_of
from tests.build import pilots as build
from tests.build.municipality import PASSWORD, an_account
from tools.with_services import Cluster

from .processes import ROOT, crew, free_port, mail_server, until
from .test_separate_processes import Window, answers, serve
from .test_slow_bodies import PROCESSES, start_as_serve_does

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]


@contextmanager
def nobody_there() -> Iterator[int]:
    """A port on which nobody listens."""
    yield free_port()


@contextmanager
def black_hole() -> Iterator[int]:
    """A port that takes the connection and never says a word."""
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(1)
        yield hole.getsockname()[1]


@pytest.fixture
def waiting():
    """A decision that waits for the mayor, who can sign in by the real hashers."""
    town = build.a_town()
    ClosedDay.objects.create(
        municipality=town.body, date=timezone.localdate(), name="臨時開庁", is_open=True
    )
    decision = build.decided(
        build.decision_of(build.a_requested(town)),
        town.others["soumu_chief"],
        now=build.at(2026, 11, 5),
    )
    user = an_account(town.mayor)
    User.objects.filter(pk=user.pk).update(
        password=make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    )
    return town, decision, user


def approve(base: str, decision: Decision, user: User) -> None:
    """Sign in, read, decide: through the pages."""
    window = Window(base)
    window.press(window.get("/accounts/login/"), "login", login=user.username, password=PASSWORD)
    window.press(window.get("/accounts/two-factor/"), "token", token=code_of(user))
    window.get(f"/{decision.municipality_id}/")
    page = window.get(decision.get_absolute_url())
    address = reverse("municipality:decision_approve", args=[decision.municipality_id, decision.pk])
    assert window.press(page, "step", address).status_code == 200


@pytest.mark.parametrize("broker", [nobody_there, black_hole], ids=lambda broker: broker.__name__)
def test_without_a_broker_people_sign_in_read_and_decide(tmp_path: Path, waiting, broker):
    town, decision, user = waiting
    with broker() as broker_port, mail_server() as (letters, port), crew(tmp_path, port) as team:
        real = team.environment["REDIS_URL"]
        team.environment["REDIS_URL"] = f"redis://127.0.0.1:{broker_port}/0"
        base = serve(team)
        assert until(lambda: answers(base)), "the web process does not answer"
        approve(base, decision, user)
        assert Decision.objects.get(pk=decision.pk).state == Decision.State.DECIDED
        told = requests.get(f"{base}/readyz", timeout=30)
        silent = [
            "broker",
            "scheduler",
            "worker",
            "bodies",
            "imports",
            "mail",
        ]  # the mails of the request wait since the 5th
        assert (told.status_code, told.json()["failing"]) == (503, silent)
        assert letters.taken == []
        team.environment["REDIS_URL"] = real
        team.worker("worker")
        team.scheduler("beat")
        assert until(lambda: town.chief.mail in {receiver for receiver, _id in letters.taken}), (
            "the mail was lost"
        )


def test_a_mail_server_that_was_away_gets_its_mail_when_it_is_back(tmp_path: Path, waiting):
    town, decision, user = waiting
    port = free_port()
    with crew(tmp_path, port) as team:
        team.environment["MAIL_RETRY_SECONDS"] = "1"
        base = serve(team)
        team.worker("worker")
        team.scheduler("beat")
        assert until(lambda: answers(base)), "the web process does not answer"
        approve(base, decision, user)
        mails = Mail.objects.filter(member=town.chief)
        assert until(lambda: mails.exclude(error="").exists()), "nobody tried to send"
        assert "ConnectionRefused" in mails.exclude(error="").first().error
        assert requests.get(f"{base}/healthz", timeout=30).status_code == 200
        with mail_server(port=port) as (letters, _port):
            assert until(lambda: not mails.exclude(state=Mail.State.SENT).exists())
            receivers = [receiver for receiver, _id in letters.taken]
            assert receivers.count(town.chief.mail) == mails.count()


def test_the_clock_ticks_while_a_mail_server_takes_connections_and_says_nothing(
    tmp_path: Path, waiting
):
    """More mails wait than the workers have processes, in an installation as `serve` starts it."""
    town = waiting[0]
    with black_hole() as port, crew(tmp_path, port) as team:
        team.environment |= {"EMAIL_TIMEOUT": "20", "MAIL_LEASE_SECONDS": "320"}
        queue_mails(town.chief, 12)
        start_as_serve_does(team)
        claimed = Mail.objects.filter(state=Mail.State.CLAIMED)
        assert until(lambda: claimed.count() >= PROCESSES), "no mail is stuck"
        stuck = timezone.now()
        pulses = Pulse.objects.filter(name__in=["scheduler", "bodies", "imports"], at__gt=stuck)
        assert until(lambda: pulses.count() == 3, seconds=15), "they wait for the mails"
        assert Mail.objects.filter(state=Mail.State.SENT).count() == 0


def queue_mails(member: Member, count: int) -> None:
    now = timezone.now()
    for number in range(count):
        notify(member, "decision.decided", member, stage=str(number), title="件", now=now)


def test_a_database_that_came_back_costs_no_page(tmp_path: Path):
    """One web process, two threads, kept connections; the server of this test alone is ended and
    begun again.
    """
    with (
        tempfile.TemporaryDirectory(prefix="srv-", dir="/tmp") as name,
        crew(tmp_path, free_port()) as team,
    ):
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(folder)
        team.environment["DATABASE_URL"] = cluster.url
        with cluster.running():
            for command in ("migrate", "createcachetable"):
                subprocess.run(
                    [sys.executable, "manage.py", command, "-v", "0"],
                    cwd=ROOT,
                    env=os.environ | team.environment,
                    check=True,
                )
            base = serve(team)
            assert until(lambda: answers(base)), "the web process does not answer"
            assert [signing_in(base) for _turn in range(4)] == [200] * 4
        assert signing_in(base) == 500
        assert answers(base), "alive is answered without the database"
        assert "database" in requests.get(f"{base}/readyz", timeout=30).json()["failing"]
        with cluster.running():
            assert [signing_in(base) for _turn in range(6)] == [200] * 6
            assert "database" not in requests.get(f"{base}/readyz", timeout=30).json()["failing"]


def signing_in(base: str) -> int:
    """The status of a refused sign-in: it asks for the user and counts the failure, so it reads and
    writes.
    """
    window = Window(base)
    return window.press(
        window.get("/accounts/login/"), "login", login="nobody.here", password="wrong"
    ).status_code
