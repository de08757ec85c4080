"""Progress of a decision from step to step: acting on a step, opening the next ones, and concluding
the decision.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import record
from municipality.core.date_words import moment
from municipality.core.refusals import Conflict, Denied, Refusal
from municipality.core.registry import subjects
from municipality.core.transitions import move
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Decision, Step, StepKind
from municipality.decisions.operations.circulation import open_circulation
from municipality.decisions.operations.turn_notifications import close_turn_notices, notify_turn
from municipality.decisions.rules import Acting, acting_as
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import acting_posting
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days


def hold(decision: Decision) -> None:
    """Lock the decision until the transaction ends. Without the lock, two people who agree in
    parallel at the same moment would each see the other's step still open, and nobody would open
    the next one.
    """
    Decision.objects.select_for_update(no_key=True).only("pk").get(pk=decision.pk)


def take(step: Step, to: str, **values) -> None:
    """Move the step to a state if it is still open. Raises Conflict that says who did what, and
    when.
    """
    try:
        move(step, to, **values)
    except Conflict:
        raise Conflict(what_happened(step), address=step.decision.get_absolute_url()) from None


def require_current(step: Step) -> None:
    """Raises Conflict that says who did what, when the step is not open any more: who comes second
    is told this, and nothing that follows from it.
    """
    step.refresh_from_db(fields=["state"])
    if step.state != Step.State.CURRENT:
        raise Conflict(what_happened(step), address=step.decision.get_absolute_url())


def what_happened(step: Step) -> str:
    """Message why a step is not open any more, for the person who came second."""
    step.refresh_from_db()
    if step.acted_at is None:
        return _("この段階は、いまは確認の対象ではありません。いまの状態を確認してください。")
    return _("%(post)sの%(name)sさんが%(time)sに操作しました(%(state)s)。") % {
        "post": step.acted_post,
        "name": step.acted_name,
        "time": moment(step.acted_at),
        "state": step.get_state_display(),
    }


def require_acting(by: Member, step: Step) -> Acting:
    """Capacity in which `by` acts at the step. Raises Denied when there is none."""
    answer = acting_as(by, step)
    if isinstance(answer, Refusal):
        raise Denied(answer)
    return answer


def acted(
    step: Step, acting: Acting, *, by: Member, now: datetime, comment: str = ""
) -> dict[str, Any]:
    """Values that a step stores of an act: who acted, in which capacity, with name and post of that
    time.
    """
    return {
        "acted_by": by,
        "acted_at": now,
        "acted_name": by.name,
        "acted_post": acting.post or _own_post(by, now),
        "capacity": acting.capacity,
        "lack": acting.lack,
        "comment": comment.strip(),
    }


def _own_post(by: Member, now: datetime) -> str:
    """Title of the post from which a deputy acts, as it appears on the seal."""
    posting = acting_posting(by, timezone.localdate(now))
    return posting.post.title if posting else ""


def approve_step(
    step: Step,
    acting: Acting,
    *,
    by: Member,
    now: datetime,
    comment: str = "",
    conditional: bool = False,
) -> None:
    """Mark the step as approved (or agreed to) and log it."""
    opinion = ""
    if step.kind == StepKind.AGREE:
        opinion = Step.Opinion.CONDITIONAL if conditional else Step.Opinion.AGREE
    sealed = acted(step, acting, by=by, now=now, comment=comment)
    take(step, Step.State.APPROVED, **sealed, opinion=opinion)
    details = {
        "step": step.order,
        "post": str(step.post),
        "capacity": step.capacity,
        "comment": comment,
    }
    record(by, "decision.approved", step.decision, **details)


def agree_beside(step: Step, *, by: Member, now: datetime, comment: str, conditional: bool) -> None:
    """Approve the steps beside this one that the same person holds: who leads two of the
    departments that are asked side by side answers once for both.
    """
    if step.kind != StepKind.AGREE or step.capacity != Step.Capacity.OWN:
        return
    rows = step.decision.steps.of_round(step.decision).current().filter(order=step.order)
    beside = list(rows.filter(kind=StepKind.AGREE).select_related("post", "department"))
    for other in beside:
        other.decision = step.decision
    actors = StepActors.of(beside, timezone.localdate(now)) if beside else None
    for other in beside:
        if actors and by.pk in actors.own(other):
            own = Acting(Step.Capacity.OWN, other.post.title)
            approve_step(other, own, by=by, now=now, comment=comment, conditional=conditional)


def advance(decision: Decision, *, now: datetime, by: Member | None = None) -> None:
    """Open the next steps when the present ones are all done; with none left the matter is decided.

    `by` acted just now: what is theirs as well among the next steps is filled with the same act.
    """
    steps = list(decision.steps.of_round(decision).select_related("post", "department"))
    if any(step.state == Step.State.CURRENT for step in steps):
        return
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    if not waiting:
        conclude(decision, by=by, now=now)
        return
    order = min(step.order for step in waiting)
    turned_to = [step for step in waiting if step.order == order]
    for step in turned_to:
        step.decision = decision
    actors = StepActors.of(turned_to, timezone.localdate(now))
    opened = [_open(step, actors, now, by) for step in turned_to]
    if not any(opened):
        advance(decision, now=now, by=by)


def _open(step: Step, actors: StepActors, now: datetime, by: Member | None) -> bool:
    """Open one step and notify everybody who may act; False when no act is needed: its only holder
    is the drafter (skipped, but never the decision step), or its post is that of the member who
    acted just before (one act fills both).
    """
    due_on = open_days(step.municipality_id).add(timezone.localdate(now), step.days)
    move(step, Step.State.CURRENT, opened_at=now, due_on=due_on)
    if only_the_drafter(step, actors):
        skip(step)
        return False
    if by is not None and by.pk in actors.own(step):
        approve_step(step, Acting(Step.Capacity.OWN, step.post.title), by=by, now=now)
        return False
    notify_turn(step, actors, now=now)
    return True


def only_the_drafter(step: Step, actors: StepActors) -> bool:
    """Whether the drafter alone holds the step's post. Never true for the decision step: nobody
    decides their own draft.
    """
    return step.kind != StepKind.DECIDE and actors.holders(step) == [step.decision.drafter_id]


def skip(step: Step) -> None:
    """Mark the drafter's own step as skipped."""
    move(step, Step.State.SKIPPED)
    record(None, "decision.skipped", step.decision, step=step.order, post=str(step.post))


def conclude(decision: Decision, *, by: Member | None, now: datetime, **values: Any) -> None:
    """Mark the decision as decided: the app of its matter acts on it, and the drafter and the
    readers are notified.
    """
    move(decision, Decision.State.DECIDED, closed_at=now, **values)
    record(by, "decision.decided", decision, revision=decision.revision)
    subjects()[decision.matter].decided(decision, by, now)
    notify(decision.drafter, "decision.decided", decision, now=now, title=decision.title)
    open_circulation(decision, now=now)


def notify_subject(decision: Decision, what: str, by: Member, now: datetime) -> None:
    """Call the app of the matter (`returned` or `ended`) in the same transaction."""
    listener = getattr(subjects()[decision.matter], what)
    if listener is not None:
        listener(decision, by, now)


def check_subject(decision: Decision, now: datetime) -> None:
    """Ask the app of the matter whether it can be approved now. Raises Conflict."""
    check = subjects()[decision.matter].checked
    if check is not None:
        check(decision, now)


def end_open_steps(decision: Decision, *, now: datetime) -> None:
    """Close the open steps of this round and their notices."""
    open_states = [Step.State.WAITING, Step.State.CURRENT]
    decision.steps.filter(revision=decision.revision, state__in=open_states).update(
        state=Step.State.ENDED
    )
    close_turn_notices(decision, now)
