"""Limits of time within a task."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded


@contextmanager
def soft_limit(seconds: float) -> Iterator[None]:
    """Stop what runs within by SoftTimeLimitExceeded once it takes longer.

    Only the main thread of a process can be stopped: in a worker of threads there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(_number: int, _frame: Any) -> None:
    raise SoftTimeLimitExceeded
