"""Real schedulers and workers as processes of their own, on the database and the broker of this
test run.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)


def points(*beginnings: str) -> list[str]:
    """Every named point in the source that begins so, found by reading it."""
    sources = (
        path.read_text()
        for app in ("municipality", "evaluation")
        for path in (ROOT / app).rglob("*.py")
    )
    return sorted(
        {
            name
            for text in sources
            for name in re.findall(r'\bpoint\("([a-z_.]+)"\)', text)
            if name.startswith(beginnings)
        }
    )


class Letters:
    """A mail server's handler that keeps what it accepted."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Accept every mail and note its receiver and Message-ID."""
        found = re.search(rb"(?im)^message-id:\s*(\S+)", envelope.content)
        self.taken += [
            (receiver, found.group(1).decode() if found else "") for receiver in envelope.rcpt_tos
        ]
        return "250 OK"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mail_server(letters: Letters | None = None, *, port: int = 0) -> Iterator[tuple[Letters, int]]:
    """A real mail server on this port of loopback, or on a free one."""
    letters, port = letters or Letters(), port or free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters, port
    finally:
        controller.stop()


def database_url() -> str:
    """The address of the database that this test run uses."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))


class Crew:
    """Schedulers and workers that are started, killed and started again until the test is over."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "VAR_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "HISTORY_KEY": settings.HISTORY_KEY,
            "TICK_SECONDS": "1",
            "SWEEP_SECONDS": "1",
            "REMINDER_HOUR": "0",
            # Long enough for a busy machine: a mail whose answer is late goes out twice.
            "EMAIL_TIMEOUT": "6",
            "MAIL_LEASE_SECONDS": "10",
            "JOB_LEASE_SECONDS": "3",
        }

    def start(self, name: str, *arguments: str, **extra: str) -> None:
        """Start one celery process under a name."""
        self.run(name, [sys.executable, "-m", "celery", "-A", "config", *arguments], **extra)

    def run(self, name: str, command: list[str], **extra: str) -> None:
        """Start any process under a name, with its log in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | extra,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def worker(self, name: str, *, crash_at: str = "") -> None:
        """A worker; with `crash_at` the first of its processes to come to that point dies there."""
        marker = str(self.folder / "crashed")
        pool = (
            "worker",
            "-P",
            "prefork",
            "-c",
            "1",
            "-l",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
            "-n",
            f"{name}@here",
        )
        self.start(name, *pool, CRASH_AT=crash_at, CRASH_MARKER=marker)

    def scheduler(self, name: str) -> None:
        """A beat with a schedule of its own."""
        self.start(
            name,
            "beat",
            "-l",
            "WARNING",
            "-s",
            str(self.folder / f"{name}.schedule"),
            "--pidfile",
            "",
        )

    def kill(self, name: str) -> None:
        """End a whole process group without warning."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def end(self) -> None:
        """End whatever still runs."""
        for name in list(self.processes):
            if self.processes[name].poll() is None:
                self.kill(name)


@contextmanager
def crew(folder: Path, mail_port: int) -> Iterator[Crew]:
    """A crew that is ended whatever happens."""
    team = Crew(folder, mail_port)
    try:
        yield team
    finally:
        team.end()


def until(holds: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Wait until something holds; whether it did in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
