"""Hand-over of pilots at a transfer: leads, and participants who no longer work here."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from municipality.core.registry import HandOver, Passing
from municipality.organisation.models import Municipality
from municipality.organisation.staff_on import StaffChange
from pilots.participants.handover import end_part, pass_lead
from pilots.participants.models import Participant
from pilots.planning.models import Pilot, PilotDepartment
from pilots.planning.rules import may_lead_on


def leads_passing(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Pilots not finished whose lead moved away: neither a manager any more nor working in one of
    the pilot's departments.

    The successor in the same post leads on, else the manager of the pilot's first department.
    """
    places = _places(municipality)
    rows = (
        Pilot.objects.of(municipality)
        .exclude(state=Pilot.State.FINISHED)
        .values_list("pk", "name", "lead")
    )
    passings = []
    for number, name, lead in rows:
        departments = places.get(number, [])
        posted = change.after.posted(lead)
        roles = {role for place in posted for role in place.roles}
        works_in = [place.department for place in posted]
        if change.moved(lead) and not may_lead_on(roles, works_in, departments):
            heir = next((heir for place in departments if (heir := change.heir(lead, place))), None)
            passings.append(Passing(number, name, (lead,), () if heir is None else (heir,)))
    return passings


def _places(municipality: Municipality) -> dict[int, list[int]]:
    """Departments of each pilot in the order of the tree. One query."""
    rows = PilotDepartment.objects.of(municipality).order_by("department__path")
    departments: dict[int, list[int]] = defaultdict(list)
    for pilot, department in rows.values_list("pilot", "department"):
        departments[pilot].append(department)
    return departments


def parts_ending(municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Participants (asked or agreed) without a post."""
    rows = Participant.objects.of(municipality).exclude(state=Participant.State.LEFT)
    rows = rows.exclude(pilot__state__in=[Pilot.State.EVALUATING, Pilot.State.FINISHED])
    return [
        Passing(number, name, (member,), ends=True)
        for number, name, member in rows.values_list("pk", "pilot__name", "member")
        if change.absent(member)
    ]


HAND_OVERS = (
    HandOver("pilots.lead", _("試行の責任者"), "pilots:pilot", leads_passing, pass_lead),
    HandOver("pilots.part", _("試行への参加"), "pilots:participant", parts_ending, end_part),
)
