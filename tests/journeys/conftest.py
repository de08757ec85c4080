"""A clock that a journey turns forward: people do the steps of a rollout over weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.build.municipality import at


class Clock:
    """What time it is. Nobody but the test turns it, and never back."""

    def __init__(self) -> None:
        self.moment = at(2026, 8, 24)

    def now(self) -> datetime:
        """The moment, a second later each time it is asked for."""
        self.moment += timedelta(seconds=1)
        return self.moment

    def to(self, month: int, day: int, hour: int = 9, *, year: int = 2026) -> None:
        """Turn forward."""
        moment = at(year, month, day, hour)
        assert moment > self.moment
        self.moment = moment

    def wait(self, seconds: int = 31) -> None:
        """Let the authenticator show its next number."""
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The journey's clock in the place of the machine's."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock
