"""Looking at pages as the 所属長 of a department sees them: beginning, each page and end stand in
the access log.
"""

from __future__ import annotations

from datetime import datetime

from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import is_office


@operation
def start_preview(department: Department, *, by: Member, now: datetime) -> None:
    """The office begins to look at pages as the manager of this department. Raises Denied for
    everybody else.
    """
    require(is_office(by))
    record(by, "preview.started", department)


@operation
def note_previewed(department: Department, *, by: Member, page: str, number: int | None) -> None:
    """One page was looked at so."""
    record(by, "preview.read", department, page=page, number=number)


@operation
def end_preview(member: Member, department: Department | None, *, how: str) -> None:
    """It ended: left, lapsed, signed out, or because the right to it was gone."""
    record(member, "preview.ended", department, municipality=member.municipality_id, how=how)
