"""Rules of planning and running a pilot."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import leads
from pilots.planning.models import Pilot, PilotDepartment

NOT_RUN = Refusal(_("この試行の責任者、対象部署の所属長、事務局の人だけが行えます。"))

NOT_PLAN = Refusal(_("試行を計画できるのは、所属長と事務局の人だけです。"))


def may_plan(member: Member, obj: object = None) -> Answer:
    """Managers may plan pilots for their departments, the office for all."""
    if member.authority.is_office or member.authority.is_manager:
        return True
    return NOT_PLAN


def may_plan_for(member: Member, department: Department) -> Answer:
    """The manager of this department or the office may plan a pilot in it."""
    return leads(member, department)


def may_run(member: Member, pilot: Pilot) -> Answer:
    """The lead, a manager of one of its departments, and the office may change, start, evaluate and
    finish it.
    """
    if member.authority.is_office or still_leads(member, pilot):
        return True
    if any(member.authority.has("manager", department.path) for department in pilot.places):
        return True
    return NOT_RUN


def still_leads(member: Member, pilot: Pilot) -> bool:
    """Whether the member is its lead, and a manager or working in one of its departments. A lead
    who moved away leads it no more.
    """
    at = [place.path for place in pilot.places]
    return pilot.lead_id == member.pk and may_lead_on(
        member.authority.roles, member.authority.home_paths, at
    )


def leads_in(member: Member, department: Department) -> bool:
    """Is the member the lead of a pilot in the department that has not ended?"""
    rows = PilotDepartment.objects.of(member.municipality_id).filter(
        department=department, pilot__lead=member
    )
    return rows.exclude(pilot__state=Pilot.State.FINISHED).exists()


def may_lead_on(
    roles: Collection[str], works_in: Iterable[object], departments: Collection[object]
) -> bool:
    """Whether a lead with these roles, working in these departments, may continue to lead a pilot
    of those `departments`.

    The preview of a transfer uses it; `models.led_by` is the same condition for the database.
    """
    return "manager" in roles or any(place in departments for place in works_in)
