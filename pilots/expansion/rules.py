"""Who may ask for an expansion and change it."""

from __future__ import annotations

from municipality.core.refusals import Answer
from municipality.organisation.models import Member
from pilots.expansion.models import Expansion
from pilots.planning.models import Pilot
from pilots.planning.rules import may_run


def may_expand(member: Member, pilot: Pilot) -> Answer:
    """Ask for its expansion: whoever runs it."""
    return may_run(member, pilot)


def may_change_expansion(member: Member, expansion: Expansion) -> Answer:
    """Change an application that came back: whoever runs the pilot."""
    return may_run(member, expansion.pilot)
