"""Rules of courses."""

from __future__ import annotations

from municipality.core.refusals import Answer
from municipality.organisation.models import Member
from municipality.organisation.rules import is_office
from training.courses.models import Course


def may_manage_courses(member: Member, course: Course | None = None) -> Answer:
    """The office may edit courses and assign people to them."""
    return is_office(member)
