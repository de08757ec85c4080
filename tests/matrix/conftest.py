"""One world for the whole folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.world import World
from tests.world.asking import Asker
from tests.world.keeping import world_kept


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for all tests of this folder."""
    with world_kept(django_db_blocker) as kept:
        yield kept


@pytest.fixture(scope="package")
def asker(world: World) -> Asker:
    """The sessions of all personas."""
    return Asker(world)
