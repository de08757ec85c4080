"""One demonstration town for a whole module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from dashboard.demo.organisation import Body
from tests.build.dashboard import a_demo_town


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Body]:
    """One demonstration town for the module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_demo_town()
        transaction.set_rollback(True)
