"""Taking a draft over: its drafter is away or gone, and the office sends it or withdraws it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.decisions.models import Decision, Takeover
from municipality.decisions.operations.workflow import hold
from municipality.decisions.rules import may_take_over
from municipality.organisation.models import Member


@operation
def take_over(decision: Decision, *, by: Member, now: datetime, reason: str) -> Decision:
    """The office becomes the drafter of what is not on its way; the reason stands in the history.

    Raises Conflict when it was sent or taken over meanwhile.
    """
    hold(decision)
    decision.refresh_from_db()
    require(may_take_over(by, decision))
    if decision.state not in (Decision.State.DRAFT, Decision.State.RETURNED):
        raise Conflict(
            _("引き継げるのは、まだ決裁に回していない起案だけです。"), decision.get_absolute_url()
        )
    former = decision.drafter
    Takeover.objects.create(
        municipality_id=decision.municipality_id,
        decision=decision,
        former=former,
        taken_by=by,
        taken_at=now,
        reason=reason.strip(),
    )
    Decision.objects.filter(pk=decision.pk).update(drafter=by)
    decision.drafter = by
    record(by, "decision.taken_over", decision, former=former.pk, reason=reason.strip())
    return decision
