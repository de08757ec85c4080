"""Waking workers without ever waiting for a dead broker."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

_breaker = {"closed_until": 0.0}


def wake(task: str) -> None:
    """Have a worker run the task of that name once this transaction is committed. What a dead
    broker loses, and what no worker took before the next sweep, the sweep finds.
    """
    transaction.on_commit(lambda: enqueue(task, expires=settings.SWEEP_SECONDS), robust=True)


def enqueue(task: str, *args: Any, expires: float | None = None) -> bool:
    """Hand ids to a worker; False when the broker cannot be reached. After `expires` seconds nobody
    does it any more. `task` is a name: a web process sends what only workers load.

    After a failure this process leaves the broker alone for BROKER_PAUSE_SECONDS, so that a
    black-holed broker costs one short connect time-out and not one per request. Nothing is lost:
    what is due stands in the database.
    """
    if time.monotonic() < _breaker["closed_until"]:
        return False
    try:
        current_app.send_task(task, args=args, retry=False, expires=expires)
    except Exception as error:  # noqa: BLE001 - whatever the transport raises, the page must not fail
        _breaker["closed_until"] = time.monotonic() + settings.BROKER_PAUSE_SECONDS
        logger.warning("broker not reached: %s", type(error).__name__)
        return False
    return True
