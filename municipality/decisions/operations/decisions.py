"""決裁: drafting, putting on its way, approving, withdrawing, rejecting; returning has a module of
its own.

Every act is one compare-and-swap on the step: of two who press at once, one does it and the other
is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.decisions.approvers import Place
from municipality.decisions.models import Decision, Revision, RouteTemplate, Step, StepKind
from municipality.decisions.operations.revisions import freeze, require_unaltered
from municipality.decisions.operations.routes import (
    NOT_POSTED,
    chosen_route,
    drafting_department,
    lay_route,
    why_not_draft_in,
)
from municipality.decisions.operations.workflow import (
    acted,
    advance,
    agree_beside,
    approve_step,
    check_subject,
    end_open_steps,
    hold,
    notify_subject,
    require_acting,
    require_current,
    take,
)
from municipality.decisions.rules import may_review, may_submit, may_withdraw
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member


@operation
def draft_decision(
    matter: str,
    subject_id: int,
    *,
    title: str,
    by: Member,
    now: datetime,
    department: Department | None = None,
) -> Decision:
    """Create a draft of a decision for a subject of an app, in `department` or else where the
    drafter acts from. Raises Conflict when one is open already, and when the drafter could send it
    along none of its routes.
    """
    require_none_open(matter, subject_id, by.municipality_id)
    today = timezone.localdate(now)
    department = department or drafting_department(by, today)
    if department is None:
        raise Conflict(NOT_POSTED)
    if reason := why_not_draft_in(department, matter, subject_id, by=by, day=today):
        raise Conflict(reason)
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


def require_none_open(matter: str, subject_id: int, municipality_id: str) -> None:
    """Raises Conflict when a decision of the subject is open, whoever drafted it."""
    known = Decision.objects.of(municipality_id).filter(
        matter=matter, subject_id=subject_id, closed_at=None
    )
    if known.exists():
        raise Conflict(_("この件の決裁は、すでに始まっています。"))


@operation
def submit_decision(
    decision: Decision,
    *,
    by: Member,
    now: datetime,
    route: RouteTemplate | None = None,
    stand_ins: Mapping[str, Place] | None = None,
) -> Decision:
    """Freeze what is asked and send it to the first post of its route (回議). After 差戻し this
    makes the next revision. `stand_ins`: the posts chosen for stages whose post does not exist.
    """
    require(may_submit(by, decision))
    route = chosen_route(decision, route, timezone.localdate(now))
    number = decision.revision + 1
    move(decision, Decision.State.RUNNING, revision=number, submitted_at=now, route=route.name)
    notify_subject(decision, "submitted", by, now)
    frozen = freeze(decision, number, now)
    lay_route(decision, route, now=now, stand_ins=stand_ins)
    record(by, "decision.submitted", decision, revision=number, hash=frozen.hash)
    advance(decision, now=now)
    return decision


@operation
def approve(
    step: Step, *, by: Member, now: datetime, comment: str = "", conditional: bool = False
) -> Step:
    """承認・同意・決裁 at one step, by the holder of its post, or 代決 by the named deputy while the decider
    is away.
    """
    hold(step.decision)
    acting = require_acting(by, step)
    require_current(step)
    require_unaltered(step.decision)
    check_subject(step.decision, now)
    if conditional and not comment.strip():
        raise Conflict(_("条件付の同意には、意見を入力してください。"))
    approve_step(step, acting, by=by, now=now, comment=comment, conditional=conditional)
    agree_beside(step, by=by, now=now, comment=comment, conditional=conditional)
    advance(step.decision, now=now, by=by)
    return step


@operation
def withdraw(decision: Decision, *, by: Member, now: datetime) -> Decision:
    """取下げ by the drafter, until it is decided."""
    hold(decision)
    require(may_withdraw(by, decision))
    move(decision, Decision.State.WITHDRAWN, closed_at=now)
    end_open_steps(decision, now=now)
    record(by, "decision.withdrawn", decision)
    notify_subject(decision, "ended", by, now)
    return decision


@operation
def reject(step: Step, *, by: Member, now: datetime, comment: str) -> Decision:
    """却下: the matter ends here. The reason is required."""
    hold(step.decision)
    acting = require_acting(by, step)
    if not comment.strip():
        raise Conflict(_("却下の理由を入力してください。"))
    if step.kind == StepKind.AGREE:
        raise Conflict(
            _("合議では却下できません。不同意のときは、理由を付けて差し戻してください。")
        )
    decision = step.decision
    take(step, Step.State.REJECTED, **acted(step, acting, by=by, now=now, comment=comment))
    move(decision, Decision.State.REJECTED, closed_at=now)
    end_open_steps(decision, now=now)
    record(by, "decision.rejected", decision, step=step.order, comment=comment)
    notify_subject(decision, "ended", by, now)
    notify(
        decision.drafter,
        "decision.rejected",
        decision,
        now=now,
        title=decision.title,
        comment=comment,
    )
    return decision


@operation
def take_back(decision: Decision, *, by: Member, now: datetime) -> Decision:
    """引戻し: until the first post has acted, the drafter takes the paper back to mend it. It is a
    draft again; the next revision follows.
    """
    hold(decision)
    require(may_withdraw(by, decision))
    if decision.steps.of_round(decision).exclude(acted_at=None).exists():
        raise Conflict(
            _(
                "すでに確認した人がいるため、引き戻せません。取下げ、または差戻しの依頼をしてください。"
            )
        )
    move(decision, Decision.State.DRAFT)
    end_open_steps(decision, now=now)
    Revision.objects.filter(decision=decision, number=decision.revision).update(taken_back_at=now)
    record(by, "decision.taken_back", decision, revision=decision.revision)
    notify_subject(decision, "returned", by, now)
    return decision


@operation
def review_afterwards(step: Step, *, by: Member, now: datetime) -> Step:
    """後閲: the holder of the post confirms reading what was done in its place (代決, 引上げ)."""
    require(may_review(by, step))
    if step.capacity not in Step.IN_PLACE or step.past:
        raise Conflict(_("後閲の必要はありません。"))
    if not Step.objects.filter(pk=step.pk, reviewed_at=None).update(
        reviewed_by=by, reviewed_at=now
    ):
        raise Conflict(_("後閲は、すでに済んでいます。"), step.decision.get_absolute_url())
    record(by, "decision.reviewed", step.decision, step=step.order)
    return step
