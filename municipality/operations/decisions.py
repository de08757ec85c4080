"""決裁: drafting, putting on its way, approving, returning, withdrawing, rejecting.

Every act is one compare-and-swap on the step: of two who press at once, one does it and the other is told.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.authority import post_holders
from municipality.calendars import open_days
from municipality.models import Decision, Member, Revision, RouteTemplate, Step, StepKind
from municipality.rooms import subjects
from municipality.rules import Conflict, may_act_on, may_answer, may_withdraw, require
from municipality.states import move

from .history import canonical, operation, record
from .notices import notify
from .routes import lay_route, route_for


@operation
def draft_decision(matter: str, subject_id: int, *, title: str, by: Member, now: datetime, department) -> Decision:
    """Open a decision in draft for a subject of some room. Raises Conflict when one is open already."""
    if Decision.objects.filter(
        municipality=by.municipality_id, matter=matter, subject_id=subject_id, closed_at=None
    ).exists():
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
    require(may_answer(by, step))
    if conditional and not comment.strip():
        raise Conflict(_("条件付の同意には、意見を入力してください。"))
    opinion = ""
    if step.kind == StepKind.AGREE:
        opinion = Step.Opinion.CONDITIONAL if conditional else Step.Opinion.AGREE
    _take(step, Step.State.APPROVED, **_acted(step, by, now, comment), opinion=opinion)
    record(
        by,
        "decision.approved",
        step.decision,
        step=step.order,
        post=str(step.post),
        capacity=step.capacity,
        comment=comment,
    )
    advance(step.decision, now=now, by=by)
    return step


def _take(step: Step, to: str, **facts) -> None:
    """Act on the step if it is still open; otherwise say who did what, and when."""
    try:
        move(step, to, **facts)
    except Conflict:
        raise Conflict(what_happened(step), address=step.decision.get_absolute_url()) from None


def what_happened(step: Step) -> str:
    """Why a step is not open any more, in words for whoever came second."""
    step.refresh_from_db()
    if step.acted_at is None:
        return _("この段階は、いまは確認の対象ではありません。いまの状態を確認してください。")
    return _("%(post)sの%(name)sさんが%(time)sに操作しました(%(state)s)。あなたの操作は記録していません。") % {
        "post": step.acted_post,
        "name": step.acted_name,
        "time": f"{timezone.localtime(step.acted_at):%H:%M}",
        "state": step.get_state_display(),
    }


def _acted(step: Step, by: Member, now: datetime, comment: str) -> dict:
    """Who acted and as what: the facts that a step keeps for good, with name and post as they were."""
    own = bool(may_act_on(by, step))
    post = step.post.title if own else by.postings.on(timezone.localdate(now)).select_related("post").first().post.title
    capacity = Step.Capacity.OWN if own else Step.Capacity.DEPUTY
    return {
        "acted_by": by,
        "acted_at": now,
        "acted_name": by.name,
        "acted_post": post,
        "capacity": capacity,
        "comment": comment.strip(),
    }


def advance(decision: Decision, *, now: datetime, by: Member | None = None) -> None:
    """Open the next steps when the present ones are all done; with none left the matter is decided."""
    steps = list(decision.steps.filter(revision=decision.revision).select_related("post", "department"))
    if any(step.state == Step.State.CURRENT for step in steps):
        return
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    if not waiting:
        _decide(decision, by=by, now=now)
        return
    order = min(step.order for step in waiting)
    opened = [_open(step, now, by) for step in waiting if step.order == order]
    if not any(opened):
        advance(decision, now=now, by=by)


def _open(step: Step, now: datetime, by: Member | None) -> bool:
    """Turn to one step and tell its holders; False when nobody need be asked: its only holder is the drafter (skipped),
    or holds the step just before as well (one action fills both).
    """
    decision, today = step.decision, timezone.localdate(now)
    people = list(post_holders(step.department_id, step.post_id, today).select_related("municipality", "user"))
    if [person.pk for person in people] == [decision.drafter_id]:
        move(step, Step.State.SKIPPED)
        return False
    if by is not None and [person.pk for person in people] == [by.pk]:
        move(step, Step.State.APPROVED, **_acted(step, by, now, ""))
        record(
            by,
            "decision.approved",
            decision,
            step=step.order,
            post=str(step.post),
            capacity=step.capacity,
            together=True,
        )
        return False
    due_on = open_days(decision.municipality_id).add(today, step.days)
    move(step, Step.State.CURRENT, opened_at=now, due_on=due_on)
    for person in people:
        if person.pk != decision.drafter_id:
            notify(
                person,
                "decision.yours",
                decision,
                stage=f"r{step.revision}s{step.order}",
                due_on=due_on,
                now=now,
                title=decision.title,
            )
    if not people:
        _tell_office(step, now)
    return True


def _tell_office(step: Step, now: datetime) -> None:
    """A vacant post must not hold a matter up in silence: the office is told."""
    from municipality.authority import holders

    for person in holders("office", step.department.path, timezone.localdate(now)).select_related(
        "municipality", "user"
    ):
        notify(
            person,
            "decision.vacant",
            step.decision,
            stage=f"r{step.revision}s{step.order}",
            now=now,
            title=step.decision.title,
            post=f"{step.department.name} {step.post.title}",
        )


def _decide(decision: Decision, *, by: Member | None, now: datetime) -> None:
    move(decision, Decision.State.DECIDED, closed_at=now)
    record(by, "decision.decided", decision, revision=decision.revision)
    subjects()[decision.matter].decided(decision, by, now)
    notify(decision.drafter, "decision.decided", decision, now=now, title=decision.title)


@operation
def return_decision(step: Step, *, by: Member, now: datetime, comment: str, to: Step | None = None) -> Decision:
    """差戻し to the drafter (a new revision follows) or to an earlier step. The reason is required."""
    require(may_answer(by, step))
    if not comment.strip():
        raise Conflict(_("差戻しの理由を入力してください。"))
    decision = step.decision
    record(by, "decision.returned", decision, step=step.order, comment=comment, to=to.order if to else 0)
    if to is not None:
        return _return_to_step(step, to, by=by, now=now, comment=comment)
    _take(step, Step.State.RETURNED, **_acted(step, by, now, comment))
    end_open_steps(decision)
    move(decision, Decision.State.RETURNED)
    _tell_subject(decision, "returned", by, now)
    notify(
        decision.drafter,
        "decision.returned",
        decision,
        stage=f"r{decision.revision}",
        now=now,
        title=decision.title,
        comment=comment,
    )
    return decision


def _return_to_step(step: Step, to: Step, *, by: Member, now: datetime, comment: str) -> Decision:
    """The steps from `to` on are asked again; what their holders had said stays in the history."""
    decision = step.decision
    if to.order >= step.order or to.revision != step.revision:
        raise Conflict(_("差戻し先は、いまより前の段階から選んでください。"))
    move(step, Step.State.WAITING)
    blank = {
        "acted_by": None,
        "acted_at": None,
        "acted_name": "",
        "acted_post": "",
        "capacity": "",
        "opinion": "",
        "comment": "",
    }
    for earlier in decision.steps.filter(
        revision=step.revision, order__gte=to.order, order__lt=step.order, state=Step.State.APPROVED
    ):
        move(earlier, Step.State.WAITING, **blank)
    decision.steps.filter(revision=step.revision, order=step.order, state=Step.State.CURRENT).update(
        state=Step.State.WAITING
    )
    advance(decision, now=now, by=by)
    return decision


@operation
def withdraw(decision: Decision, *, by: Member, now: datetime) -> Decision:
    """取下げ by the drafter, until it is decided."""
    require(may_withdraw(by, decision))
    move(decision, Decision.State.WITHDRAWN, closed_at=now)
    end_open_steps(decision)
    record(by, "decision.withdrawn", decision)
    _tell_subject(decision, "ended", by, now)
    return decision


@operation
def reject(step: Step, *, by: Member, now: datetime, comment: str) -> Decision:
    """却下: the matter ends here. The reason is required."""
    require(may_answer(by, step))
    if not comment.strip():
        raise Conflict(_("却下の理由を入力してください。"))
    decision = step.decision
    _take(step, Step.State.REJECTED, **_acted(step, by, now, comment))
    move(decision, Decision.State.REJECTED, closed_at=now)
    end_open_steps(decision)
    record(by, "decision.rejected", decision, step=step.order, comment=comment)
    _tell_subject(decision, "ended", by, now)
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


def _tell_subject(decision: Decision, what: str, by: Member, now: datetime) -> None:
    """Let the room that the matter comes from know, in the same transaction."""
    listener = getattr(subjects()[decision.matter], what)
    if listener is not None:
        listener(decision, by, now)


def end_open_steps(decision: Decision) -> None:
    """Nothing of this round is asked any more."""
    open_states = [Step.State.WAITING, Step.State.CURRENT]
    decision.steps.filter(revision=decision.revision, state__in=open_states).update(state=Step.State.ENDED)
