"""A fixed day for the tests of this app: what is due, and since when, depends on it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.build.municipality import at


@pytest.fixture
def tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday 10 November 2026, ten in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 10, 10))


def queries_of(client, address: str) -> int:
    """How many queries a page takes once the session has settled."""
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)
