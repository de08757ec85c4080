"""Passing on what belongs to persons in the pilots, by the clock, inside the transaction of the
hand-over.
"""

from __future__ import annotations

from datetime import date

from django.db.models import F

from municipality.core.registry import Passing
from pilots.participants.models import Participant
from pilots.planning.models import Pilot


def pass_lead(passing: Passing, day: date) -> bool:
    """The successor leads the pilot; without one it stays as it is and the office is told. False
    when somebody was first.
    """
    rows = Pilot.objects.filter(pk=passing.object_id, lead=passing.gives[0]).exclude(
        state=Pilot.State.FINISHED
    )
    if not passing.takes:
        return rows.exists()
    return bool(rows.update(lead=passing.takes[0], edition=F("edition") + 1))


def end_part(passing: Passing, day: date) -> bool:
    """The person takes part no more. What was recorded stays."""
    rows = Participant.objects.filter(pk=passing.object_id).exclude(state=Participant.State.LEFT)
    return bool(rows.update(state=Participant.State.LEFT, agreed_on=None, edition=F("edition") + 1))
