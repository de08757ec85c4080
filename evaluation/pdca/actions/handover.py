"""Transfer (人事異動) of open improvement actions."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from evaluation.pdca.actions.models import Action
from municipality.core.registry import Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import StaffChange


def actions_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Open actions of people who moved: for the successor, else for the leader of the review's
    department, or the office.
    """
    office = change.after.leading("office", 0)
    rows = Action.objects.of(municipality).open().filter(who__isnull=False)
    passings = []
    for number, what, who, department in rows.values_list(
        "pk", "what", "who", "review__department"
    ):
        if not change.moved(who):
            continue
        heir = (
            change.heir(who, department)
            if department
            else change.successor(who) or next(iter(office), None)
        )
        passings.append(Passing(number, what, (who,), () if heir in (None, who) else (heir,)))
    return passings


def pass_action(passing: Passing, day: date) -> bool:
    """Assign the action to the successor; without one it stays and the office is notified. False
    when it was changed meanwhile.
    """
    rows = Action.objects.filter(
        pk=passing.object_id, who=passing.gives[0], state=Action.State.OPEN
    )
    if not passing.takes:
        return rows.exists()
    return bool(rows.update(who=passing.takes[0], edition=F("edition") + 1))
