"""The world in the database for as long as some tests need it, with the scanner over every response meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from . import World, build_world
from .scanner import Scanner, every_response


@contextmanager
def world_kept(django_db_blocker: Any) -> Iterator[World]:
    """Built in one transaction that is taken back at the end."""
    refusals = logging.getLogger("django.request")
    before = refusals.level
    refusals.setLevel(logging.CRITICAL)  # thousands of refusals are meant
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        with every_response(Scanner(world).judge):
            yield world
        transaction.set_rollback(True)
    refusals.setLevel(before)
