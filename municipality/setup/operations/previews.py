"""Preview of pages as the 所属長 of a department sees them. Start, each page and end are logged."""

from __future__ import annotations

from datetime import datetime

from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.organisation.models import Department, Member
from municipality.organisation.rules import is_office


@operation
def start_preview(department: Department, *, by: Member, now: datetime) -> None:
    """Start a preview as the manager of this department, by the office. Raises Denied for everybody
    else.
    """
    require(is_office(by))
    record(by, "preview.started", department)


@operation
def note_previewed(department: Department, *, by: Member, page: str, number: int | None) -> None:
    """Log one page of the preview."""
    record(by, "preview.read", department, page=page, number=number)


@operation
def end_preview(member: Member, department: Department | None, *, how: str) -> None:
    """Log the end of the preview: left, expired, signed out, or without the right any more."""
    record(member, "preview.ended", department, municipality=member.municipality_id, how=how)
