"""Rules of assignments."""

from __future__ import annotations

from municipality.core.refusals import Answer
from municipality.organisation.models import Member
from municipality.organisation.rules import is_office
from training.assignments.models import Assignment


def may_cancel(member: Member, assignment: Assignment) -> Answer:
    """The office may cancel an assignment."""
    return is_office(member)
