"""One code of the second factor works once: thirty-two browsers at four real worker processes over
HTTP, to ninety seconds on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import socket

import pytest
import requests
from django.conf import settings
from django.core.cache import cache

from municipality.accounts.models import User
from municipality.accounts.operations.second_factor import renew_codes
from municipality.audit.models import Entry
from tests.build.accounts import beside, half_signed_in, shown, someone, with_table
from tests.build.identity_process import free_port
from tests.crash.processes import database_url

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BROWSERS, WORKERS = 32, 4


@pytest.fixture
def site(transactional_db) -> Iterator[str]:
    """The application in four worker processes of its own, on the database of the tests."""
    cache.clear()
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-w",
        str(WORKERS),
        "-b",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
    ]
    process = subprocess.Popen(
        [*command, "config.wsgi:application"], cwd=Path(settings.BASE_DIR), env=environment
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _try in range(600):
        if _listens(port):
            return
        time.sleep(0.1)
    raise RuntimeError("no server")


def _listens(port: int) -> bool:
    with socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def browsers_of(user: User, number: int = BROWSERS) -> list[requests.Session]:
    """Browsers whose password was right, each with a session of its own."""
    found = []
    for _number in range(number):
        browser = requests.Session()
        browser.cookies.set("session", half_signed_in(user).cookies["session"].value)
        found.append(browser)
    return found


def sends(site: str, browser: requests.Session, token: str, path: str) -> int:
    """The status of one try; the page before it gives the proof that the form is ours."""
    page = browser.get(f"{site}{path}", timeout=60)
    proof = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"token": token, "csrfmiddlewaretoken": proof}
    return browser.post(
        f"{site}{path}", form, allow_redirects=False, timeout=60, headers={"Referer": f"{site}/"}
    ).status_code


def all_at_once(site: str, user: User, token: str, path: str) -> tuple[Counter, int]:
    """What thirty-two are answered who send the same code in the same moment, and how many of them
    are inside afterwards.
    """
    browsers = browsers_of(user)
    with ThreadPoolExecutor(BROWSERS) as pool:
        answers = Counter(pool.map(lambda browser: sends(site, browser, token, path), browsers))
    inside = sum(
        browser.get(f"{site}/account/", allow_redirects=False, timeout=60).status_code == 200
        for browser in browsers
    )
    return answers, inside


VERIFY, RECOVERY = "/accounts/two-factor/", "/accounts/two-factor/recovery/"


def test_a_code_of_the_app_lets_one_in_and_nobody_for_ninety_seconds(site):
    user = someone().user
    while time.time() % 30 > 5:
        time.sleep(0.5)
    code, begun = shown(user), time.time()
    answers, inside = all_at_once(site, user, code, VERIFY)
    assert (answers[302], inside) == (1, 1)
    assert set(answers) <= {302, 422, 429}
    for after in (30, 60, 90):
        time.sleep(max(0, begun + after - time.time()))
        late, entered = all_at_once(site, user, code, VERIFY)
        assert (late[302], entered) == (0, 0), after
    assert Entry.objects.filter(verb="second_factor.passed").count() == 1


def test_a_code_of_the_table_lets_one_in(site):
    member = someone()
    table = with_table(member)
    answers, inside = all_at_once(site, member.user, beside(table, 2), VERIFY)
    assert (answers[302], inside) == (1, 1)
    table.refresh_from_db()
    assert table.used == 2


def test_a_recovery_code_lets_one_in(site):
    user = someone().user
    code = renew_codes(user)[0]
    answers, inside = all_at_once(site, user, code, RECOVERY)
    assert (answers[302], inside) == (1, 1)
