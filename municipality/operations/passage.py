"""How a decision passes from step to step: acting on a step, opening the next ones, and what the last one brings about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.authority import holders, post_holders
from municipality.calendars import open_days
from municipality.models import Decision, Member, Step, StepKind
from municipality.rooms import subjects
from municipality.rules import Conflict, may_act_on
from municipality.states import move

from .history import record
from .notices import notify

NOT_ACTED: dict[str, Any] = {
    "acted_by": None,
    "acted_at": None,
    "acted_name": "",
    "acted_post": "",
    "capacity": "",
    "opinion": "",
    "comment": "",
}
"""The facts of a step that nobody has acted on."""


def hold(decision: Decision) -> None:
    """Take turns on one decision until the transaction ends. Without it two who agree side by side at the same moment
    would each see the other's step still open, and nobody would open the next.
    """
    Decision.objects.select_for_update().only("pk").get(pk=decision.pk)


def take(step: Step, to: str, **facts) -> None:
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
    return _("%(post)sの%(name)sさんが%(time)sに操作しました(%(state)s)。") % {
        "post": step.acted_post,
        "name": step.acted_name,
        "time": f"{timezone.localtime(step.acted_at):%H:%M}",
        "state": step.get_state_display(),
    }


def acted(step: Step, by: Member, now: datetime, comment: str = "") -> dict:
    """Who acted and as what: the facts that a step keeps for good, with name and post as they were."""
    own = bool(may_act_on(by, step))
    posting = by.postings.on(timezone.localdate(now)).select_related("post").first()
    post = step.post if own or posting is None else posting.post
    return {
        "acted_by": by,
        "acted_at": now,
        "acted_name": by.name,
        "acted_post": post.title,
        "capacity": Step.Capacity.OWN if own else Step.Capacity.DEPUTY,
        "comment": comment.strip(),
    }


def approve_step(step: Step, by: Member, now: datetime, *, comment: str = "", conditional: bool = False) -> None:
    """The step is approved (or agreed to) and noted."""
    opinion = ""
    if step.kind == StepKind.AGREE:
        opinion = Step.Opinion.CONDITIONAL if conditional else Step.Opinion.AGREE
    take(step, Step.State.APPROVED, **acted(step, by, now, comment), opinion=opinion)
    facts = {"step": step.order, "post": str(step.post), "capacity": step.capacity, "comment": comment}
    record(by, "decision.approved", step.decision, **facts)


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
    opened = [_open(step, decision, now, by) for step in waiting if step.order == order]
    if not any(opened):
        advance(decision, now=now, by=by)


def _open(step: Step, decision: Decision, now: datetime, by: Member | None) -> bool:
    """Turn to one step and tell its holders; False when nobody need be asked: its only holder is the drafter (skipped),
    or the one who acted just before (one action fills both).
    """
    step.decision, today = decision, timezone.localdate(now)
    people = list(post_holders(step.department_id, step.post_id, today).select_related("municipality", "user"))
    numbers = [person.pk for person in people]
    due_on = open_days(decision.municipality_id).add(today, step.days)
    move(step, Step.State.CURRENT, opened_at=now, due_on=due_on)
    if numbers == [decision.drafter_id]:
        move(step, Step.State.SKIPPED)
        return False
    if by is not None and numbers == [by.pk]:
        approve_step(step, by, now)
        return False
    if not numbers:
        _tell_office(step, now)
    for person in people:
        _tell_holder(person, step, now)
    return True


def turn_of(step: Step) -> str:
    """Names one turn of a step: asked again after 差戻し it is another one, and is told again."""
    return f"r{step.revision}s{step.order}e{step.edition}"


def _tell_holder(person: Member, step: Step, now: datetime) -> None:
    decision = step.decision
    if person.pk != decision.drafter_id:
        stage = turn_of(step)
        notify(person, "decision.yours", decision, stage=stage, due_on=step.due_on, now=now, title=decision.title)


def _tell_office(step: Step, now: datetime) -> None:
    """A vacant post must not hold a matter up in silence: the office is told."""
    facts: dict[str, Any] = {"title": step.decision.title, "post": f"{step.department.name} {step.post.title}"}
    office = holders("office", step.department.path, timezone.localdate(now)).select_related("municipality", "user")
    for person in office:
        notify(person, "decision.vacant", step.decision, stage=turn_of(step), now=now, **facts)


def _decide(decision: Decision, *, by: Member | None, now: datetime) -> None:
    move(decision, Decision.State.DECIDED, closed_at=now)
    record(by, "decision.decided", decision, revision=decision.revision)
    subjects()[decision.matter].decided(decision, by, now)
    notify(decision.drafter, "decision.decided", decision, now=now, title=decision.title)


def tell_subject(decision: Decision, what: str, by: Member, now: datetime) -> None:
    """Let the room that the matter comes from know (`returned` or `ended`), in the same transaction."""
    listener = getattr(subjects()[decision.matter], what)
    if listener is not None:
        listener(decision, by, now)


def end_open_steps(decision: Decision) -> None:
    """Nothing of this round is asked any more."""
    open_states = [Step.State.WAITING, Step.State.CURRENT]
    decision.steps.filter(revision=decision.revision, state__in=open_states).update(state=Step.State.ENDED)
