"""Hand-over of pilots between persons, inside the transaction of the transfer."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from municipality.core.registry import Passing
from pilots.participants.courses import release_courses
from pilots.participants.models import Participant
from pilots.planning.models import Pilot


def pass_lead(passing: Passing, day: date) -> bool:
    """Make the successor the lead; without one the lead stays and the office is notified. False
    when it was changed meanwhile.
    """
    rows = Pilot.objects.filter(pk=passing.object_id, lead=passing.gives[0]).exclude(
        state=Pilot.State.FINISHED
    )
    if not passing.takes:
        return rows.exists()
    return bool(rows.update(lead=passing.takes[0], edition=F("edition") + 1))


def end_part(passing: Passing, day: date) -> bool:
    """End the participation. Its records stay; open assignments that came of it are cancelled."""
    rows = Participant.objects.filter(pk=passing.object_id)
    ended = rows.exclude(state=Participant.State.LEFT).update(
        state=Participant.State.LEFT, agreed_on=None, edition=F("edition") + 1
    )
    if ended:
        release_courses(rows, by=None)
    return bool(ended)
