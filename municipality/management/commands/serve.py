"""One command for a whole installation on one machine: web, workers and scheduler, started again
when they end.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

PR_SET_PDEATHSIG = 1
LEAST_SECONDS_BETWEEN_STARTS = 2
SECONDS_TO_END = 15
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by kill -9."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def in_own_group() -> None:
    """Between fork and exec: an own group, so that Ctrl-C reaches the supervisor alone and the
    whole group can be ended.
    """
    os.setsid()
    end_with_parent()


@dataclass
class Child:
    """One kind of process of the installation, with what it takes to start it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)

    def start(self) -> None:
        """Start it; what a process that died left behind in its group is ended first."""
        self.kill(signal.SIGKILL)
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, preexec_fn=in_own_group)  # noqa: PLW1509 (one thread only)

    def ended(self) -> bool:
        """Did it end by itself, long enough after its start to be started again?"""
        if self.process is None or self.process.poll() is None:
            return False
        return time.monotonic() - self.started > LEAST_SECONDS_BETWEEN_STARTS

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to its whole group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Command(BaseCommand):
    """Run in the foreground until Ctrl-C or TERM. With --prepare, first bring the database and the
    catalogues up to date.
    """

    help = "画面・裏の処理・時計をまとめて動かします。 Serve web, workers and scheduler together."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--prepare", action="store_true", help="migrate, demonstration data, catalogues"
        )

    def handle(self, *, host: str, port: int, prepare: bool, **options) -> None:
        if "MAKELEVEL" in os.environ:
            end_with_parent()
        refuse_taken_port(host, port)
        os.environ["PORT"] = str(port)
        if prepare:
            self.prepare()
        tell_port(port)
        children = [Child(name, command) for name, command in commands(host, port).items()]
        stopping = self.watch_signals(children)
        for child in children:
            child.start()
        try:
            self.supervise(
                children, stopping, lambda: healthy(host, port), f"http://{host}:{port}/"
            )
        finally:
            end(children)

    def prepare(self) -> None:
        """Prepare folder, catalogues, tables, packed style sheets and, in the embedded default or
        with DEMO=1, the demonstration data; all of it safe to repeat.
        """
        settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        call_command("messages", "compile", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        collect_statics()
        if os.environ.get("DEMO", "1" if settings.EMBEDDED else "0") == "1":
            call_command("load_demo", "--size", "town", "--if-empty")
            call_command("demo_accounts")

    def watch_signals(self, children: list[Child]) -> list[int]:
        """Signals that ask to end, in a list that fills as they come; a second one ends everything
        at once.
        """
        asked: list[int] = []

        def note(number: int, _frame: Any) -> None:
            asked.append(number)
            if len(asked) > 1:
                for child in children:
                    child.kill(signal.SIGKILL)

        signal.signal(signal.SIGINT, note)
        signal.signal(signal.SIGTERM, note)
        return asked

    def supervise(
        self, children: list[Child], asked: list[int], ready: Callable[[], bool], address: str
    ) -> None:
        """Say the address once it answers, and start again whatever ends."""
        announced = False
        while not asked:
            time.sleep(0.2)
            if not announced and ready():
                announced = True
                self.stdout.write(
                    self.style.SUCCESS(
                        f"\n準備ができました。 Ready: {address}\n終了するには Ctrl-C を押してください。\n"
                    )
                )
                self.stdout.flush()
            for child in children:
                if child.ended() and not asked:
                    self.stderr.write(
                        f"{child.name} ended "
                        f"({child.process.returncode if child.process else '?'}); starting again"
                    )
                    child.start()


def tell_port(port: int) -> None:
    """Keep the port for commands in other shells: what they print leads to what is served."""
    settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.PORT_FILE.write_text(f"{port}\n", encoding="ascii")


def collect_statics() -> None:
    """Pack style sheets, scripts and fonts under names that change with their content; the web
    server is started to serve these. How they are stored is a setting, so it takes a process of its
    own.
    """
    os.environ["STATIC_COLLECTED"] = "1"
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What is run, by name. WEB_WORKERS and WORKER_CONCURRENCY say how many of each."""
    web = [
        "gunicorn",
        "--config",
        "python:config.server",
        "--bind",
        f"{host}:{port}",
        "config.wsgi",
    ]
    celery = ["celery", "--quiet", "-A", "config"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    mails = [*worker, "--queues", "celery", "--hostname", f"serve-{port}@%h"]
    clock = [*worker, "--queues", "clock", "--concurrency", "1"]
    clock += ["--hostname", f"serve-clock-{port}@%h"]
    bodies = [*worker, "--queues", "bodies", "--hostname", f"serve-bodies-{port}@%h"]
    imports = [*worker, "--queues", "imports", "--hostname", f"serve-imports-{port}@%h"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
    # Celery warns root of pickled messages; only JSON is accepted here (CELERY_ACCEPT_CONTENT).
    python = [
        sys.executable,
        "-W",
        "ignore:You're running the worker with superuser privileges",
        "-m",
    ]
    children = {"web": web, "worker": mails, "clock": clock, "bodies": bodies}
    children |= {"imports": imports, "beat": beat}
    return {name: [*python, *command] for name, command in children.items()}


def refuse_taken_port(host: str, port: int) -> None:
    """End with one clear sentence where the port is taken, instead of a loop of failing starts."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"{host}:{port} は使われています。PORT=8001 make run のように別の番号を指定してください。"
            raise CommandError(f"{message} The port is taken: choose another with PORT.") from error


def healthy(host: str, port: int) -> bool:
    """Does the web server answer?"""
    asked = http.client.HTTPConnection(host, port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def end(children: list[Child]) -> None:
    """Ask all to end, wait together, then end by force whatever is left."""
    for child in children:
        child.kill(signal.SIGTERM)
    limit = time.monotonic() + SECONDS_TO_END
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, limit - time.monotonic()))
    for child in children:
        child.kill(signal.SIGKILL)
