"""Putting a pilot or an expansion to decision (決裁)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from municipality.core.refusals import require
from municipality.decisions.models import Decision
from municipality.decisions.operations.decisions import draft_decision, submit_decision
from municipality.decisions.operations.routes import why_not_draft
from municipality.decisions.rules import may_open_draft

if TYPE_CHECKING:
    from municipality.organisation.models import Member
    from pilots.planning.models import Expansion, Pilot


def put_to_decision(
    matter: str, subject: Pilot | Expansion, *, title: str, by: Member, now: datetime
) -> Decision:
    """Send the subject's open decision on its way, or a new one."""
    decision = draft_of(matter, subject, title=title, by=by, now=now)
    submit_decision(decision, by=by, now=now)
    subject.refresh_from_db()
    return decision


def draft_of(
    matter: str, subject: Pilot | Expansion, *, title: str, by: Member, now: datetime
) -> Decision:
    """The subject's open decision, whoever drafted it, or a new draft; nothing is sent yet."""
    open_one = Decision.objects.filter(
        municipality_id=subject.municipality_id,
        matter=matter,
        subject_id=subject.pk,
        closed_at=None,
    ).first()
    if open_one:
        require(may_open_draft(by, open_one))
    return open_one or draft_decision(matter, subject.pk, title=title, by=by, now=now)


def no_route(
    matter: str, subject: Pilot | Expansion, member: Member, day: date, open_one: Decision | None
) -> str:
    """Why this member could not send what they would draft about the subject; empty when they can,
    and where a draft is open.
    """
    if open_one and open_one.closed_at is None:
        return ""
    return why_not_draft(matter, subject.pk, by=member, day=day)
