"""The world in the database for as long as some tests need it, with the scanner over every response
meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from . import World, build_world
from .marks import Registry
from .scanner import Scanner, every_response


class Listening(logging.Handler):
    """Hears every line of the server's log: whoever runs the machine is a reader of nothing."""

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self.registry = registry
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the lines in which a canary stands."""
        text = self.format(record)
        if self.registry.found_in(text):
            self.leaks.append(text)


@contextmanager
def world_kept(django_db_blocker: Any) -> Iterator[World]:
    """Built in one transaction that is taken back at the end. At the end no canary may stand in the
    log either.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        listening = Listening(world.canaries)
        with every_response(Scanner(world).judge), heard_by(listening):
            yield world
        transaction.set_rollback(True)
    if listening.leaks:
        raise AssertionError("\n".join(["canaries in the log", *listening.leaks]))


@contextmanager
def heard_by(handler: logging.Handler) -> Iterator[None]:
    """Let the handler hear everything. Refusals are meant here, by the thousand: they go to it
    alone, not to the screen.
    """
    root, refusals = logging.getLogger(), logging.getLogger("django.request")
    root.addHandler(handler)
    refusals.addHandler(handler)
    refusals.propagate = False
    try:
        yield
    finally:
        refusals.propagate = True
        refusals.removeHandler(handler)
        root.removeHandler(handler)
