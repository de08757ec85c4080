"""Who may plan and run a pilot."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import leads
from pilots.planning.models import Pilot

NOT_RUN = Refusal(_("この試行の責任者、対象部署の所属長、事務局の人だけが行えます。"))

NOT_PLAN = Refusal(_("試行を計画できるのは、所属長と事務局の人だけです。"))


def may_plan(member: Member, obj: object = None) -> Answer:
    """Managers plan pilots for their departments, the office for all."""
    if member.authority.is_office or member.authority.is_manager:
        return True
    return NOT_PLAN


def may_plan_for(member: Member, department: Department) -> Answer:
    """Plan a pilot in this department: its manager or the office."""
    return leads(member, department)


def may_run(member: Member, pilot: Pilot) -> Answer:
    """Change, start, evaluate and finish it: who leads it, a manager of one of its departments, the
    office.
    """
    if member.authority.is_office or still_leads(member, pilot):
        return True
    if any(member.authority.has("manager", department.path) for department in pilot.places):
        return True
    return NOT_RUN


def still_leads(member: Member, pilot: Pilot) -> bool:
    """Is the member its lead, and a manager or working in one of its departments? Whoever was moved
    away leads it no more.
    """
    if pilot.lead_id != member.pk:
        return False
    return member.authority.is_manager or any(
        place.path in member.authority.home_paths for place in pilot.places
    )
