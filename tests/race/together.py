"""Run the same thing in many threads at the same moment, each with a database connection of its
own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from typing import Any

from django.db import connection


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
