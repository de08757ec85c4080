"""文書番号・保存年限 of a decision, and decisions that were made outside: on paper, or in the
body's own 文書管理.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.registry import subjects
from municipality.core.transitions import change, move
from municipality.decisions.models import Attachment, Decision
from municipality.decisions.operations.papers import keep_paper
from municipality.decisions.operations.revisions import freeze
from municipality.decisions.operations.workflow import (
    conclude,
    end_open_steps,
    hold,
    notify_subject,
)
from municipality.decisions.rules import may_keep_document, may_record_decision
from municipality.organisation.models import Department, Member, Post


@operation
def keep_document(
    decision: Decision,
    *,
    number: str,
    retention_years: int,
    edition: int,
    by: Member,
    now: datetime,
) -> Decision:
    """Set the document number of the body's own document system and the retention period in years.
    The old values stay in the log.
    """
    require(may_keep_document(by, decision))
    before = {"number": decision.number, "retention_years": decision.retention_years}
    change(decision, edition=edition, number=number, retention_years=retention_years)
    after = {"number": number, "retention_years": retention_years}
    record(by, "decision.document_changed", decision, before=before, after=after)
    return decision


@operation
def record_decision(
    decision: Decision,
    *,
    number: str,
    decided_on: date,
    department: Department,
    post: Post,
    name: str,
    content: bytes,
    by: Member,
    now: datetime,
) -> Decision:
    """Record that it was decided outside, by which post and when, with the paper (PDF). The subject
    behaves as decided.

    Only the office, and nobody for their own draft. What was on its way here ends. Raises Conflict
    when it is closed.
    """
    hold(decision)
    decision.refresh_from_db()
    require(may_record_decision(by, decision))
    if decision.closed_at is not None:
        raise Conflict(_("この決裁は、すでに終わっています。"), decision.get_absolute_url())
    if decision.state != Decision.State.RUNNING:
        _freeze_as_asked(decision, by, now)
    end_open_steps(decision)
    keep_paper(decision, Attachment.Role.RECORD, name, content, by=by, now=now)
    values = {
        "number": number,
        "decided_on": decided_on,
        "decided_post": f"{department} {post}",
        "recorded_by": by,
    }
    record(
        by,
        "decision.recorded",
        decision,
        number=number,
        decided_on=decided_on,
        post=f"{department} {post}",
    )
    conclude(decision, by=by, now=now, **values)
    return decision


def _freeze_as_asked(decision: Decision, by: Member, now: datetime) -> None:
    """Freeze the content of a decision made outside, as if it had been submitted."""
    number = decision.revision + 1
    subject = subjects()[decision.matter]
    move(decision, Decision.State.RUNNING, revision=number, submitted_at=now)
    if subject.submitted is not None:
        notify_subject(decision, "submitted", by, now)
    freeze(decision, number, now)
