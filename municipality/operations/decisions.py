"""決裁: drafting, putting on its way, approving, returning, withdrawing, rejecting.

Every act is one compare-and-swap on the step: of two who press at once, one does it and the other is told.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.models import Decision, Member, Revision, RouteTemplate, Step
from municipality.rooms import subjects
from municipality.rules import Conflict, may_act_on, may_answer, may_withdraw, require
from municipality.states import move

from .history import canonical, operation, record
from .notices import notify
from .passage import NOT_ACTED, acted, advance, approve_step, end_open_steps, hold, take, tell_subject
from .routes import lay_route, route_for


@operation
def draft_decision(matter: str, subject_id: int, *, title: str, by: Member, now: datetime, department) -> Decision:
    """Open a decision in draft for a subject of some room. Raises Conflict when one is open already."""
    known = Decision.objects.of(by.municipality_id).filter(matter=matter, subject_id=subject_id, closed_at=None)
    if known.exists():
        raise Conflict(_("この件の決裁は、すでに始まっています。"))
    decision = Decision.objects.create(
        municipality_id=by.municipality_id,
        matter=matter,
        subject_id=subject_id,
        title=title,
        drafter=by,
        department=department,
        drafted_at=now,
    )
    record(by, "decision.drafted", decision)
    return decision


@operation
def submit_decision(decision: Decision, *, by: Member, now: datetime, route: RouteTemplate | None = None) -> Decision:
    """Freeze what is asked and send it to the first post of its route (回議). After 差戻し this makes the next revision."""
    require(may_withdraw(by, decision))
    route = route or route_for(decision)
    number = decision.revision + 1
    move(decision, Decision.State.RUNNING, revision=number, submitted_at=now, route=route.name)
    tell_subject(decision, "submitted", by, now)
    content = subjects()[decision.matter].content(decision.subject_id)
    Revision.objects.create(
        municipality_id=decision.municipality_id,
        decision=decision,
        number=number,
        content=content,
        hash=content_hash(content),
        frozen_at=now,
    )
    lay_route(decision, route)
    record(by, "decision.submitted", decision, revision=number, hash=content_hash(content))
    advance(decision, now=now)
    return decision


def content_hash(content: dict) -> str:
    """SHA-256 of the canonical JSON of what is asked."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@operation
def approve(step: Step, *, by: Member, now: datetime, comment: str = "", conditional: bool = False) -> Step:
    """承認・同意・決裁 at one step, by its post's holder, or 代決 by the named deputy while the decider is away."""
    hold(step.decision)
    require(may_answer(by, step))
    if conditional and not comment.strip():
        raise Conflict(_("条件付の同意には、意見を入力してください。"))
    approve_step(step, by, now, comment=comment, conditional=conditional)
    advance(step.decision, now=now, by=by)
    return step


@operation
def return_decision(step: Step, *, by: Member, now: datetime, comment: str, to: Step | None = None) -> Decision:
    """差戻し to the drafter (a new revision follows) or to an earlier step. The reason is required."""
    hold(step.decision)
    require(may_answer(by, step))
    if not comment.strip():
        raise Conflict(_("差戻しの理由を入力してください。"))
    decision = step.decision
    record(by, "decision.returned", decision, step=step.order, comment=comment, to=to.order if to else 0)
    if to is not None:
        return _return_to_step(step, to, by=by, now=now, comment=comment)
    take(step, Step.State.RETURNED, **acted(step, by, now, comment))
    end_open_steps(decision)
    move(decision, Decision.State.RETURNED)
    tell_subject(decision, "returned", by, now)
    facts: dict[str, Any] = {"title": decision.title, "comment": comment}
    notify(decision.drafter, "decision.returned", decision, stage=f"r{decision.revision}", now=now, **facts)
    return decision


def _return_to_step(step: Step, to: Step, *, by: Member, now: datetime, comment: str) -> Decision:
    """The steps from `to` on are asked again; what their holders had said stays in the history."""
    decision = step.decision
    if to.order >= step.order or to.revision != step.revision:
        raise Conflict(_("差戻し先は、いまより前の段階から選んでください。"))
    take(step, Step.State.WAITING)
    steps = decision.steps.filter(revision=step.revision, order__gte=to.order, order__lte=step.order)
    for other in steps.filter(state__in=[Step.State.APPROVED, Step.State.CURRENT]):
        move(other, Step.State.WAITING, **NOT_ACTED)
    advance(decision, now=now, by=by)
    return decision


@operation
def withdraw(decision: Decision, *, by: Member, now: datetime) -> Decision:
    """取下げ by the drafter, until it is decided."""
    hold(decision)
    require(may_withdraw(by, decision))
    move(decision, Decision.State.WITHDRAWN, closed_at=now)
    end_open_steps(decision)
    record(by, "decision.withdrawn", decision)
    tell_subject(decision, "ended", by, now)
    return decision


@operation
def reject(step: Step, *, by: Member, now: datetime, comment: str) -> Decision:
    """却下: the matter ends here. The reason is required."""
    hold(step.decision)
    require(may_answer(by, step))
    if not comment.strip():
        raise Conflict(_("却下の理由を入力してください。"))
    decision = step.decision
    take(step, Step.State.REJECTED, **acted(step, by, now, comment))
    move(decision, Decision.State.REJECTED, closed_at=now)
    end_open_steps(decision)
    record(by, "decision.rejected", decision, step=step.order, comment=comment)
    tell_subject(decision, "ended", by, now)
    notify(decision.drafter, "decision.rejected", decision, now=now, title=decision.title, comment=comment)
    return decision


@operation
def review_afterwards(step: Step, *, by: Member, now: datetime) -> Step:
    """後閲: the holder of the post reads what a deputy decided."""
    require(may_act_on(by, step))
    if step.capacity != Step.Capacity.DEPUTY or step.reviewed_at is not None:
        raise Conflict(_("後閲の必要はありません。"))
    Step.objects.filter(pk=step.pk, reviewed_at=None).update(reviewed_by=by, reviewed_at=now)
    record(by, "decision.reviewed", step.decision, step=step.order)
    return step
