"""Limits of time within a task."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded

_END: ContextVar[float] = ContextVar("end of the soft limit", default=math.inf)


@contextmanager
def soft_limit(seconds: float) -> Iterator[None]:
    """Stop what runs within by SoftTimeLimitExceeded once it takes longer.

    Only the main thread of a process can be stopped anywhere: a worker of threads stops where
    `stop_when_over` is asked, between two rows of a job.
    """
    if threading.current_thread() is not threading.main_thread():
        begun = _END.set(time.monotonic() + seconds)
        try:
            yield
        finally:
            _END.reset(begun)
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def stop_when_over() -> None:
    """Raise SoftTimeLimitExceeded when the limit of this thread is over."""
    if time.monotonic() > _END.get():
        raise SoftTimeLimitExceeded


def _stop(_number: int, _frame: Any) -> None:
    raise SoftTimeLimitExceeded
