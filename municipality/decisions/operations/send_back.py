"""差戻し: return to the drafter, who makes the next revision, or to an earlier step of the same
revision.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict
from municipality.core.transitions import move
from municipality.decisions.models import Decision, Step, StepKind, Superior
from municipality.decisions.operations.routes import new_step
from municipality.decisions.operations.workflow import (
    acted,
    advance,
    end_open_steps,
    hold,
    notify_subject,
    require_acting,
    take,
)
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Member


@operation
def return_decision(
    step: Step, *, by: Member, now: datetime, comment: str, to: Step | None = None
) -> Decision:
    """差戻し to the drafter (a new revision follows) or to an earlier step; 不同意 at a 合議. The
    reason is required.
    """
    hold(step.decision)
    acting = require_acting(by, step)
    if not comment.strip():
        raise Conflict(_("差戻しの理由を入力してください。"))
    decision = step.decision
    opinion = Step.Opinion.DISAGREE if step.kind == StepKind.AGREE else ""
    values = {**acted(step, acting, by=by, now=now, comment=comment), "opinion": opinion}
    record(
        by,
        "decision.returned",
        decision,
        step=step.order,
        comment=comment,
        to=to.order if to else 0,
    )
    if to is not None:
        return _return_to_step(step, to, now=now, values=values)
    take(step, Step.State.RETURNED, **values)
    end_open_steps(decision, now=now)
    move(decision, Decision.State.RETURNED)
    notify_subject(decision, "returned", by, now)
    details: dict[str, Any] = {"title": decision.title, "comment": comment}
    notify(
        decision.drafter,
        "decision.returned",
        decision,
        stage=f"r{decision.revision}",
        now=now,
        **details,
    )
    return decision


def _return_to_step(step: Step, to: Step, *, now: datetime, values: dict[str, Any]) -> Decision:
    """Repeat the steps from `to` on. The earlier acts stay unchanged in rows marked `past`."""
    decision = step.decision
    if (
        to.past
        or to.order >= step.order
        or to.revision != step.revision
        or to.decision_id != step.decision_id
    ):
        raise Conflict(_("差戻し先は、いまより前の段階から選んでください。"))
    take(step, Step.State.RETURNED, **values)
    steps = decision.steps.of_round(decision).select_related("department", "post")
    for other in list(steps.filter(order__gte=to.order, order__lte=step.order)):
        if other.state == Step.State.CURRENT:
            move(other, Step.State.WAITING, opened_at=None, due_on=None)
        else:
            _ask_again(decision, other)
    advance(decision, now=now)
    return decision


def _ask_again(decision: Decision, step: Step) -> None:
    """Mark the step as past and create a new one for the same stage."""
    superiors = list(step.superiors.all())
    Step.objects.filter(pk=step.pk).update(past=True)
    fresh = new_step(decision, step, step.days)
    fresh.edition = step.edition + 1
    fresh.save()
    Superior.objects.bulk_create(
        Superior(
            municipality_id=step.municipality_id,
            step=fresh,
            department_id=row.department_id,
            post_id=row.post_id,
            distance=row.distance,
        )
        for row in superiors
    )
