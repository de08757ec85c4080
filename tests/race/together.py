"""Run the same thing in many threads at the same moment, each with a database connection of its
own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from typing import Any

from django.db import connection, transaction

WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """The results of all jobs, started at once; an exception stands in the place of its result."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return job()
        except Exception as error:  # noqa: BLE001 - the caller judges what came back
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def one_within_the_other(outer: Callable[[], Any], inner: Callable[[], Any]) -> tuple[Any, Any]:
    """What both brought, where `inner` begins once `outer` is done but not committed; it commits
    when `inner` waits for it, and fails when `inner` does not wait.
    """
    done, through = Event(), Event()

    def first() -> Any:
        try:
            with transaction.atomic():
                brought = outer()
                done.set()
                while not somebody_waits():
                    assert not through.is_set(), "nobody waited"
                    time.sleep(0.01)
                return brought
        finally:
            done.set()

    def second() -> Any:
        assert done.wait(timeout=60)
        try:
            return inner()
        finally:
            through.set()

    return tuple(together([first, second]))


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


class Meeting:
    """A point that nobody passes before a second one has come to it: what a race needs in order to
    happen, without luck.
    """

    def __init__(self) -> None:
        self._lock, self._met, self._came = Lock(), Event(), 0

    @property
    def took_place(self) -> bool:
        """Were there two? A control that went red for another reason proves nothing."""
        return self._met.is_set()

    def wait(self) -> None:
        """Come to it; whoever comes third passes at once."""
        with self._lock:
            self._came += 1
        if self._came > 1:
            self._met.set()
        if not self._met.wait(timeout=60):
            raise TimeoutError("nobody else came")
