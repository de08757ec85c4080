"""Rules of expansions."""

from __future__ import annotations

from municipality.core.refusals import Answer
from municipality.organisation.models import Member
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from pilots.planning.rules import may_run


def may_expand(member: Member, pilot: Pilot) -> Answer:
    """Members who run the pilot may request its expansion."""
    return may_run(member, pilot)


def may_change_expansion(member: Member, expansion: Expansion) -> Answer:
    """Members who run the pilot may change a returned expansion."""
    return may_run(member, expansion.pilot)


def may_change_plan(member: Member, plan: ExpansionDepartment) -> Answer:
    """Members who run the pilot may set what the receiving departments' pilots will be."""
    return may_run(member, plan.expansion.pilot)
