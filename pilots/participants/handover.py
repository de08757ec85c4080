"""Hand-over of pilots between persons, inside the transaction of the transfer."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import F
from django.utils import timezone

from municipality.core.periods import ONE_DAY
from municipality.core.registry import Passing
from pilots.participants.models import Participant
from pilots.participants.operations.courses import (
    assign_to_lead,
    release_courses,
    release_lead_courses,
)
from pilots.planning.models import Pilot

TRAINED_FOR = (Pilot.State.APPROVED, Pilot.State.RUNNING)
"""States in which the lead of a pilot needs the required courses."""


def pass_lead(passing: Passing, day: date) -> bool:
    """Make the successor the lead, and from the approval on pass the required courses on;
    without one the lead stays and the office is notified. False when it was changed meanwhile.
    """
    rows = Pilot.objects.filter(pk=passing.object_id, lead=passing.gives[0]).exclude(
        state=Pilot.State.FINISHED
    )
    if not passing.takes:
        return rows.exists()
    if not rows.update(lead=passing.takes[0], edition=F("edition") + 1):
        return False
    pilot = Pilot.objects.select_related("lead").get(pk=passing.object_id)
    release_lead_courses(pilot, on=day, by=None, lead=passing.gives[0])
    if pilot.state in TRAINED_FOR:
        now = timezone.make_aware(datetime.combine(day, time()))
        assign_to_lead(pilot, by=None, now=now)
    return True


def end_part(passing: Passing, day: date) -> bool:
    """End the participation with the day before. What was counted of it stays; open assignments
    that came of it are cancelled. False when it ended or its pilot was judged meanwhile.
    """
    rows = Participant.objects.filter(pk=passing.object_id)
    held = Pilot.objects.select_for_update(no_key=True).filter(pk__in=rows.values("pilot"))
    if not held.exclude(state__in=Pilot.JUDGED).values("pk").first():
        return False
    ended = rows.exclude(state=Participant.State.LEFT).update(
        state=Participant.State.LEFT, left_on=day - ONE_DAY, edition=F("edition") + 1
    )
    if ended:
        release_courses(rows, on=day, by=None)
    return bool(ended)
