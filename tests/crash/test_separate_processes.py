"""PostgreSQL, a broker, and web, worker and scheduler as processes of their own: an approval, and
the mail that follows.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.urls import reverse
from django.utils import timezone

from municipality.accounts.models import User
from municipality.decisions.models import Decision
from municipality.organisation.models import ClosedDay
from municipality.setup.models import Pulse
from tests.browser.walk import code_of
from tests.build import pilots as build
from tests.build.municipality import PASSWORD, an_account
from tests.journeys.person import Reader

from .processes import Crew, crew, free_port, mail_server, until

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]


def serve(team: Crew) -> str:
    """A web server of its own; its address."""
    port = free_port()
    team.environment |= {"BASE_URL": f"http://127.0.0.1:{port}"}
    options = ["-b", f"127.0.0.1:{port}", "-w", "1", "-k", "gthread", "--no-control-socket"]
    team.run("web", [sys.executable, "-m", "gunicorn", "config.wsgi", *options])
    return f"http://127.0.0.1:{port}"


def answers(base: str) -> bool:
    try:
        return requests.get(f"{base}/healthz", timeout=1).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False


class Window:
    """A person's browser window over real HTTP."""

    def __init__(self, base: str) -> None:
        self.base, self.session = base, requests.Session()

    def get(self, address: str) -> Reader:
        self.answer = self.session.get(f"{self.base}{address}", timeout=30)
        assert self.answer.status_code == 200, (address, self.answer.status_code)
        return Reader(self.answer.text)

    def press(
        self, page: Reader, field: str, address: str = "", **values: str
    ) -> requests.Response:
        form = next(form for form in page.forms if field in form.names and form.method == "post")
        sent = {name: held[0] for name, held in form.values.items()} | values
        target = address or form.action or self.answer.url.removeprefix(self.base)
        referer = {"Referer": self.answer.url}
        return self.session.post(f"{self.base}{target}", sent, headers=referer, timeout=30)


def test_an_approval_runs_through_separate_processes(tmp_path: Path):
    town = build.a_town()
    ClosedDay.objects.create(
        municipality=town.body, date=timezone.localdate(), name="臨時開庁", is_open=True
    )
    expansion = build.a_requested(town)
    decision = build.decided(
        build.decision_of(expansion), town.others["soumu_chief"], now=build.at(2026, 11, 5)
    )
    user = an_account(town.mayor)
    # The web process knows the real hashers only, not the cheap one of the tests.
    User.objects.filter(pk=user.pk).update(
        password=make_password(PASSWORD, hasher=PBKDF2PasswordHasher())
    )
    with mail_server() as (letters, port), crew(tmp_path, port) as team:
        base = serve(team)
        team.worker("worker")
        team.scheduler("beat")
        assert until(lambda: answers(base)), "the web process does not answer"
        window = Window(base)
        window.press(
            window.get("/accounts/login/"), "login", login=user.username, password=PASSWORD
        )
        window.press(window.get("/accounts/two-factor/"), "token", token=code_of(user))
        page = window.get(decision.get_absolute_url())
        answer = window.press(
            page, "step", reverse("municipality:decision_approve", args=[town.body.pk, decision.pk])
        )
        assert answer.status_code == 200
        assert Decision.objects.get(pk=decision.pk).state == Decision.State.DECIDED
        assert until(lambda: town.chief.mail in {receiver for receiver, _id in letters.taken}), (
            "no mail for the drafter"
        )
        assert until(lambda: Pulse.objects.filter(name="scheduler").exists())
        assert re.fullmatch(
            r"\{.*\}", requests.get(f"{base}/readyz", timeout=30).text.strip(), re.DOTALL
        )
