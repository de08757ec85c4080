"""One command serves everything: what dies is started again, and nothing outlives the
supervisor.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
KINDS = ("gunicorn", "beat", "clock", "bodies", "imports", "worker")
"""A word of each child's command line."""


class Served:
    """A running `manage.py serve`, with its children as the kernel sees them."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.output = var / "serve.log"
        self.command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        foreign = {
            "DATABASE_URL",
            "REDIS_URL",
            "SECRET_KEY",
            "FIELD_KEYS",
            "HISTORY_KEY",
            "MAKELEVEL",
        }
        self.env = {name: value for name, value in os.environ.items() if name not in foreign} | {
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SWEEP_SECONDS": "3600",
            "TICK_SECONDS": "3600",
        }
        with self.output.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        until(lambda: b"Ready" in self.output.read_bytes(), self.said)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def children(self) -> dict[str, int]:
        """Kind of process → its id, of the supervisor's own children."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            pid, parent = int(stat.parent.name), parent_of(stat)
            if parent == self.process.pid:
                words = (stat.parent / "cmdline").read_bytes().decode(errors="replace").split("\0")
                found[next((kind for kind in KINDS if kind in words), "?")] = pid
        return found

    def everybody(self) -> set[int]:
        """The ids of all processes in the children's groups, the supervisor included."""
        groups = set(self.children().values())
        members = {
            int(stat.parent.name)
            for stat in Path("/proc").glob("[0-9]*/stat")
            if group_of(stat) in groups
        }
        return members | {self.process.pid}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/healthz", timeout=2
            ) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def fields(stat: Path) -> list[str]:
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return []


def parent_of(stat: Path) -> int:
    return int((fields(stat) or ["Z", "0"])[1])


def group_of(stat: Path) -> int:
    found = fields(stat)
    return int(found[2]) if found and found[0] != "Z" else 0


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if (fields(Path(f"/proc/{pid}/stat")) or ["Z"])[0] != "Z"}


def until(true: Callable[[], bool], say: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, say()
        time.sleep(0.1)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path)
    everybody = running.everybody()
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()
    until(lambda: not alive(everybody), running.said)


def test_a_child_that_was_killed_is_started_again(served):
    before = served.children()
    assert set(before) == set(KINDS)
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(
        lambda: (
            not set(served.children().values()) & set(before.values())
            and len(served.children()) == len(KINDS)
        ),
        served.said,
    )
    until(served.answers, served.said)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_supervisor(served, how):
    everybody = served.everybody()
    assert len(everybody) >= 5
    served.process.send_signal(how)
    status = served.process.wait(PATIENCE)
    assert status == (-how if how == signal.SIGKILL else 0)
    until(lambda: not alive(everybody), lambda: (alive(everybody), served.said()))


def test_a_second_one_on_the_same_port_is_refused_in_one_sentence(served):
    second = subprocess.run(
        served.command,
        cwd=ROOT,
        env=served.env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 1
    assert f"127.0.0.1:{served.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert served.answers()
