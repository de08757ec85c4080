"""Passing on what belongs to persons on the ground floor, by the clock: drafts, deputies, duties.

Each is called inside the hand-over's transaction and says False when somebody was first.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F

from municipality.core.registry import Passing
from municipality.decisions.models import Decision, Deputy
from municipality.organisation.models import Duty


def pass_draft(passing: Passing, day: date) -> bool:
    """Make the successor the drafter; without one the draft stays and the office is notified."""
    rows = Decision.objects.filter(
        pk=passing.object_id,
        drafter=passing.gives[0],
        state__in=[Decision.State.DRAFT, Decision.State.RETURNED],
    )
    if not passing.takes:
        return rows.exists()
    return bool(rows.update(drafter=passing.takes[0], edition=F("edition") + 1))


def pass_deputy(passing: Passing, day: date) -> bool:
    """End the deputy's naming the day before, and begin the successor's."""
    return _next_row(Deputy, ("department_id", "post_id", "matter"), passing, day)


def pass_duty(passing: Passing, day: date) -> bool:
    """End the duty the day before, and begin the successor's."""
    return _next_row(Duty, ("department_id", "kind"), passing, day)


def _next_row(model: Any, same: tuple[str, ...], passing: Passing, day: date) -> bool:
    """End the dated row and create one like it for the successor. A row that began on this very day
    is treated as never valid.
    """
    row = model.objects.on(day).filter(pk=passing.object_id, member=passing.gives[0]).first()
    if row is None:
        return False
    last = max(row.starts_on, day - timedelta(days=1))
    if not model.objects.filter(pk=row.pk, edition=row.edition).update(
        ends_on=last, edition=F("edition") + 1
    ):
        return False
    values = {name: getattr(row, name) for name in same}
    for taker in passing.takes:
        model.objects.get_or_create(
            municipality_id=row.municipality_id,
            member_id=taker,
            starts_on=day,
            **values,
            defaults={"ends_on": row.ends_on},
        )
    return True
