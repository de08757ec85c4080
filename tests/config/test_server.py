"""The web server as it is started: whose headers it believes, and how long it waits."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from socket import create_connection

import pytest
from django.conf import settings

from municipality.management.commands.serve import commands
from tests.build.identity_process import free_port

THREADS = 4
HALF_A_FORM = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with one process, which gives senders up after a second."""
    port = free_port()
    command = [*commands("127.0.0.1", port)["web"][:-1], "tests.build.plain_app"]
    environment = {**os.environ, "WEB_WORKERS": "1", "STALLED_SECONDS": "1"}
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        for _try in range(600):
            with suppress(OSError):
                create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answer(port: int, **headers: str) -> str:
    """What the application says."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
        asked.request(
            "GET", "/", headers={name.replace("_", "-"): headers[name] for name in headers}
        )
        return asked.getresponse().read().decode()


def test_the_server_itself_believes_no_header_about_the_scheme(port):
    assert answer(port) == "http"
    assert answer(port, X_Forwarded_Proto="https") == "http"
    assert answer(port, X_Forwarded_Protocol="ssl", X_Forwarded_Ssl="on") == "http"


def test_half_a_form_on_every_thread_stops_nobody_for_long(port):
    waiting = [create_connection(("127.0.0.1", port), 60) for _thread in range(2 * THREADS)]
    for connection in waiting:
        connection.sendall(HALF_A_FORM)
    assert answer(port) == "http"
    for connection in waiting:
        connection.close()


def test_a_connection_stays_for_somebody_who_reads(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
        asked.request("GET", "/")
        assert asked.getresponse().read() == b"http"
        kept = asked.sock
        time.sleep(3)  # longer than a server keeps it by default
        asked.request("GET", "/")
        assert asked.getresponse().read() == b"http"
        assert asked.sock is kept is not None
