"""改版: a closed review is opened again before its decision. What was frozen stays as a numbered
closing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.pdca.reviews.models import Review, ReviewRevision
from evaluation.pdca.rules import may_write_review
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.organisation.models import Member


@operation
def reopen_review(review: Review, *, reason: str, by: Member, now: datetime) -> ReviewRevision:
    """Open a closed review again, with the reason; its figures and actions move to a numbered
    closing, and closing it anew freezes anew.

    Raises Conflict while it is entered, on its way through a decision, or decided.
    """
    require(may_write_review(by, review))
    closed_at = require_closed(review)
    if not reason.strip():
        raise Conflict(_("締めを解く理由を入力してください。"))
    closing = ReviewRevision(
        municipality_id=review.municipality_id,
        review=review,
        number=review.revisions.count() + 1,
        closed_by=review.closed_by,
        closed_at=closed_at,
        content=_content(review),
        reopened_by=by,
        reopened_at=now,
        reason=reason.strip(),
    )
    move(review, Review.State.ENTERING, closed_by=None, closed_at=None)
    closing.save()
    review.figures.all().delete()
    review.known_actions.all().delete()
    record(by, "review.revised", review, number=closing.number, reason=closing.reason)
    return closing


def require_closed(review: Review) -> datetime:
    """When it was closed. Raises Conflict unless it is closed and not on its way through a
    decision.
    """
    if review.state != Review.State.CLOSED or review.closed_at is None:
        raise Conflict(
            _("締めを解けるのは、締めてから決裁に回すまでの間だけです。"), review.get_absolute_url()
        )
    return review.closed_at


def _content(review: Review) -> dict[str, Any]:
    figures = review.figures.values(
        "indicator",
        "numerator",
        "denominator",
        "missing",
        "previous_numerator",
        "previous_denominator",
        "details",
        "previous_details",
    )
    actions = [
        {
            "action": known.action_id,
            "state": known.state,
            "due_on": known.due_on.isoformat() if known.due_on else None,
            "who": known.who_id,
            "last_report": known.last_report,
            "outcome": known.outcome,
        }
        for known in review.known_actions.all()
    ]
    texts = {part: getattr(review, part) for part in Review.PARTS}
    return {"texts": texts, "figures": list(figures), "actions": actions}
