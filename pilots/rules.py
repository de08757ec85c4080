"""Who may, in the pilots. Rules ask who; states ask when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.models import Department, Member
from municipality.rules import Answer, No, leads

from .models import Expansion, Participant, Pilot

NOT_RUN = No(_("この試行の責任者、対象部署の所属長、事務局の人だけが行えます。"))
NOT_PLAN = No(_("試行を計画できるのは、所属長と事務局の人だけです。"))
NOT_SELF = No(_("参加への同意は、本人だけが行えます。"))
NOT_PEOPLE = No(_("参加者の氏名は、試行の責任者、対象部署の所属長・決裁者、人事、事務局の人だけが見られます。"))


def may_plan(member: Member, obj: object = None) -> Answer:
    """Managers plan pilots for their departments, the office for all."""
    if member.authority.is_office or member.authority.is_manager:
        return True
    return NOT_PLAN


def may_plan_for(member: Member, department: Department) -> Answer:
    """Plan a pilot in this department: its manager or the office."""
    return leads(member, department)


def may_run(member: Member, pilot: Pilot) -> Answer:
    """Change, start, evaluate and finish it: who leads it, a manager of one of its departments, the office."""
    if member.authority.is_office or still_leads(member, pilot):
        return True
    if any(member.authority.has("manager", department.path) for department in pilot.places):
        return True
    return NOT_RUN


def still_leads(member: Member, pilot: Pilot) -> bool:
    """Is the member its lead, and a manager or working in one of its departments? Whoever was moved away leads it no more."""
    if pilot.lead_id != member.pk:
        return False
    return member.authority.is_manager or any(place.path in member.authority.home_paths for place in pilot.places)


def may_expand(member: Member, pilot: Pilot) -> Answer:
    """Ask for its expansion: whoever runs it."""
    return may_run(member, pilot)


def may_change_expansion(member: Member, expansion: Expansion) -> Answer:
    """Change an application that came back: whoever runs the pilot."""
    return may_run(member, expansion.pilot)


def may_see_participants(member: Member, pilot: Pilot) -> Answer:
    """Names of participants: for who runs it, for HR, and for executives above its departments."""
    if may_run(member, pilot) or member.authority.is_hr:
        return True
    if any(member.authority.has("executive", department.path) for department in pilot.places):
        return True
    return NOT_PEOPLE


def sees_names(member: Member) -> bool:
    """Does the member read names of persons at all? An external consultant works with roles and numbers only."""
    return bool(member.authority.roles - {"consultant"})


def reads_counts(member: Member) -> bool:
    """Does the member read small counts of people? Those who answer for people do; for others they are suppressed."""
    return bool(member.authority.roles & {"office", "hr", "manager", "executive"})


def may_take_part(member: Member, participant: Participant) -> Answer:
    """Agree or decline: only for oneself."""
    return True if participant.member_id == member.pk else NOT_SELF


def may_remove(member: Member, participant: Participant) -> Answer:
    """Take somebody out of a pilot: whoever runs it."""
    return may_run(member, participant.pilot)
