"""What every test may use: the real servers of the run, and a real browser. Objects come from
tests/build.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.utils import timezone, translation
from playwright.sync_api import sync_playwright

from municipality.core.registry import subjects
from tests.build import decisions
from tests.build.migrations import migrate_to_newest
from tests.build.municipality import at
from tests.world.keeping import world_kept
from tools import chromium

NEEDS_SERVERS = {"race", "crash", "soak"}


@pytest.fixture(autouse=True)
def _on_real_servers(request: pytest.FixtureRequest) -> None:
    """Races and crashes prove nothing on SQLite or without a broker: there they are left out, and
    counted so.
    """
    marks = {mark.name for mark in request.node.iter_markers()}
    if marks & NEEDS_SERVERS and (
        connections["default"].vendor != "postgresql" or not os.environ.get("REDIS_URL")
    ):
        pytest.skip("PostgreSQL と Redis が必要: python tools/with_services.py -- pytest")


@pytest.fixture(autouse=True)
def _in_the_language_of_the_source() -> None:
    """A request leaves its language behind in the thread; no test may depend on which one ran
    before it.
    """
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _with_an_empty_cache(request: pytest.FixtureRequest) -> None:
    """Real transactions leave the cache's table full: it belongs to no model, and is not
    flushed.
    """
    mark = request.node.get_closest_marker("django_db")
    if mark and mark.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        cache.clear()


@pytest.fixture
def _newest_afterwards(transactional_db: None) -> Iterator[None]:
    """After a test that goes back to an earlier migration."""
    yield
    migrate_to_newest()


@pytest.fixture
def tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday 10 November 2026, ten in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 11, 10, 10))


@pytest.fixture
def invented_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers the invented matter of tests/build/decisions, so that municipality is tested
    without the apps above it.
    """
    decisions.calls.clear()
    monkeypatch.setitem(subjects(), decisions.MATTER, decisions.a_subject())


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Two bodies with all personas (tests/world). While it stands every response is scanned for
    what its reader may not read.
    """
    with world_kept(django_db_blocker) as kept:
        yield kept


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, started once; `browser.new_context(locale="ja-JP")` gives a fresh person at
    it.

    Playwright runs a loop in this thread, and Django takes that for asynchronous code.
    """
    found = chromium.find()
    if found is None:
        pytest.skip("Chromium がない: make setup-test")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = found.launch(playwright)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
