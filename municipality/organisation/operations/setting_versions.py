"""Keeping what a rule was: whoever changes a group of settings does it inside `keeping`, which
stores both versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from municipality.audit.chain import canonical
from municipality.organisation.models import Member, Municipality, SettingVersion

Snapshot = Callable[[], dict[str, Any]]


@contextmanager
def keeping(
    body: Municipality, key: str, snapshot: Snapshot, *, by: Member | None, now: datetime
) -> Iterator[None]:
    """Run a change of the settings `key` inside its operation and keep what they were and what they
    are.

    `snapshot()` gives all values of the group as JSON can hold them. A change that changes nothing
    leaves no version.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=body.pk)
    before = snapshot()
    yield
    after = snapshot()
    if canonical(before) != canonical(after):
        _store(body, key, before, after, by=by, now=now)


def _store(
    body: Municipality, key: str, before: dict, after: dict, *, by: Member | None, now: datetime
) -> None:
    latest = SettingVersion.objects.of(body).filter(key=key, ends_at=None).first()
    if latest is not None:
        now = max(now, latest.starts_at or now)  # of two at once the second may have begun before
        SettingVersion.objects.filter(pk=latest.pk).update(ends_at=now)
    else:
        SettingVersion.objects.create(municipality=body, key=key, values=before, ends_at=now)
    SettingVersion.objects.create(
        municipality=body, key=key, values=after, starts_at=now, changed_by=by
    )
