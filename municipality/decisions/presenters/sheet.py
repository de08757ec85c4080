"""The page of a decision: 決裁欄, content and changes, current approvers, and the actions of the
reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import month_day
from municipality.core.registry import subjects
from municipality.core.small_cells import Gate
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Attachment, Circulation, Decision, Step, StepKind
from municipality.decisions.presenters.content import content_context
from municipality.decisions.presenters.story import history_lines
from municipality.decisions.rules import (
    may_act_on,
    may_circulate,
    may_keep_document,
    may_record_decision,
    may_review,
    may_submit,
    may_take_over,
    may_withdraw,
)
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.rules import gate_of

DRAWN: dict[str, str] = {
    Step.State.APPROVED: "done",
    Step.State.CURRENT: "now",
    Step.State.RETURNED: "returned",
    Step.State.REJECTED: "returned",
    Step.State.SKIPPED: "skipped",
}

MARKS: dict[str, str] = {Step.Capacity.DEPUTY: "代", Step.Capacity.RAISED: "引"}


@dataclass(frozen=True)
class Box:
    """One cell of the 決裁欄, as the component draws it."""

    kind: str
    post: str
    state: str = "todo"
    seal_post: str = ""
    seal_date: date | str = ""
    seal_name: str = ""
    mark: str = ""
    note: str = ""
    text: str = ""
    together: bool = False


def boxes(decision: Decision, steps: list[Step]) -> list[Box]:
    """Cells of the 決裁欄 of the present round, the drafter first."""
    drafted = timezone.localdate(decision.submitted_at or decision.drafted_at)
    first = Box(
        pgettext("決裁", "起案"),
        decision.department.name,
        "done",
        seal_post=decision.department.name,
        seal_date=drafted,
        seal_name=decision.drafter.family_name,
        note=month_day(drafted),
    )
    orders = [step.order for step in steps]
    return [first, *(_box(step, together=orders.count(step.order) > 1) for step in steps)]


def _box(step: Step, *, together: bool) -> Box:
    sealed = step.state == Step.State.APPROVED and step.capacity != Step.Capacity.RAISED
    acted = timezone.localdate(step.acted_at) if sealed and step.acted_at else ""
    return Box(
        step.get_kind_display(),
        post_name(step),
        DRAWN.get(step.state, "todo"),
        seal_post=step.acted_post if sealed else "",
        seal_date=acted,
        seal_name=(step.acted_by.family_name if sealed and step.acted_by else ""),
        mark=MARKS.get(step.capacity, "") if step.state == Step.State.APPROVED else "",
        note=_note(step),
        together=together,
        text=_instead_of_a_seal(step),
    )


def _instead_of_a_seal(step: Step) -> str:
    if step.state == Step.State.ENDED:
        return pgettext("組織", "取りやめ")
    if step.state == Step.State.APPROVED and step.capacity == Step.Capacity.RAISED:
        return step.get_lack_display()
    return step.get_opinion_display() if step.opinion == Step.Opinion.DISAGREE else ""


def _note(step: Step) -> str:
    if step.state == Step.State.APPROVED and step.capacity in Step.IN_PLACE:
        seen = step.reviewed_at
        return (
            _("%(day)s 後閲") % {"day": month_day(timezone.localdate(seen))}
            if seen
            else pgettext("組織", "後閲 未")
        )
    if step.acted_at:
        return (
            f"{month_day(timezone.localdate(step.acted_at))} {step.get_opinion_display()}".strip()
        )
    if step.state == Step.State.CURRENT and step.due_on:
        return _("%(day)sまで") % {"day": month_day(step.due_on)}
    return "—"


def post_name(step: Any) -> str:
    """The post as people say it: 総務課長 for the 課長 of 総務課; the post alone for the body's own
    posts.
    """
    if step.department.is_body:
        return step.post.title
    name, title = step.department.name, step.post.title
    return f"{name}{title[len(name[-1]) :]}" if title.startswith(name[-1]) else f"{name}{title}"


def sheet(decision: Decision, member: Member, today: date) -> dict[str, Any]:
    """Template context of the decision's page for this member."""
    every = _every_step(decision)
    steps = [step for step in every if step.revision == decision.revision and not step.past]
    calendar = open_days(decision.municipality_id)
    shown = {
        "decision": decision,
        "subject": subjects()[decision.matter],
        "boxes": boxes(decision, steps),
    }
    actors = StepActors.of([step for step in steps if step.state == Step.State.CURRENT], today)
    to_do = _to_do(decision, steps, member, actors)
    acts = bool(to_do["mine"]) or member.pk in _acting(decision, every)
    context = content_context(decision, Gate() if acts else gate_of(member), today)
    history = history_lines(decision, every, context["revisions"], calendar)
    context |= _beside(decision, member, context["papers"])
    approved = [
        (step.pk, f"{step.department.name} {step.post.title}")
        for step in steps
        if step.state == Step.State.APPROVED
    ]
    waiting = _waiting(steps, actors, calendar, today)
    mine = waiting["turns"].get(to_do["mine"].pk) if to_do["mine"] else None
    context |= {"story": history, "progress": progress(decision, steps), "my_turn": mine}
    return {**shown, **context, **to_do, "turn": waiting["turn"], "back_to": approved}


def _acting(decision: Decision, every: list[Step]) -> set[int | None]:
    """Who drafted it or acted in it: whoever decides sees the whole of what is decided."""
    return {decision.drafter_id, *(step.acted_by_id for step in every)}


def _every_step(decision: Decision) -> list[Step]:
    """Steps of all rounds, also the past ones, each with its decision set, so that no further query
    is needed.
    """
    every = list(decision.steps.select_related("post", "department", "acted_by", "reviewed_by"))
    for step in every:
        step.decision = decision
    return every


def _to_do(
    decision: Decision, steps: list[Step], member: Member, actors: StepActors
) -> dict[str, Any]:
    """What the member may do: at a step, as drafter, or afterwards."""
    current = [step for step in steps if step.state == Step.State.CURRENT]
    mine = next((step for step in current if actors.may_act(member.pk, step)), None)
    drafts = bool(may_withdraw(member, decision)) and decision.closed_at is None
    submits = drafts and decision.state != Decision.State.RUNNING
    waits = decision.state in (Decision.State.DRAFT, Decision.State.RETURNED) and not drafts
    return {
        "not_sent": may_submit(member, decision) if waits else None,
        "may_take_over": may_take_over(member, decision)
        if waits and member.authority.is_office
        else None,
        "mine": mine,
        "next_words": approve_words(mine, steps, own=bool(may_act_on(member, mine)))
        if mine
        else "",
        "in_place": mine.kind if mine is not None and not may_act_on(member, mine) else "",
        "may_withdraw": drafts,
        "may_add_paper": drafts or mine is not None,
        "may_submit": submits,
        "may_take_back": drafts and not submits and not any(step.acted_at for step in steps),
        "to_review": next(
            (step for step in steps if needs_review(step) and may_review(member, step)), None
        ),
    }


def _beside(decision: Decision, member: Member, papers: list[Attachment]) -> dict[str, Any]:
    """Papers with those that may be left out, readers of the decision, and the member's actions on
    them.
    """
    circulated = list(
        decision.circulations.select_related("member", "department", "post", "read_by")
    )
    mine = [
        row for row in circulated if row.due_on and row.read_at is None and _is_for(row, member)
    ]
    mends = decision.drafter_id == member.pk and decision.state in (
        Decision.State.DRAFT,
        Decision.State.RETURNED,
    )
    for paper in papers:
        paper.may_leave_out = mends and paper.last_revision is None  # type: ignore[attr-defined]
    return {
        "circulated": circulated,
        "to_read": bool(mine),
        "circulated_only": any(_is_for(row, member) for row in circulated)
        and not _has_part(decision, member),
        "may_keep": bool(may_keep_document(member, decision)),
        "may_record": decision.closed_at is None and bool(may_record_decision(member, decision)),
        "may_circulate": decision.state not in (Decision.State.WITHDRAWN, Decision.State.REJECTED)
        and bool(may_circulate(member, decision)),
    }


def _has_part(decision: Decision, member: Member) -> bool:
    """Whether the member sees the subject, and not only the decision that is circulated to them."""
    authority, path = member.authority, decision.department.path
    leads = authority.has("manager", path) or authority.has("executive", path)
    return leads or authority.is_office or authority.is_auditor or decision.drafter_id == member.pk


def _is_for(row: Circulation, member: Member) -> bool:
    if row.member_id is not None:
        return row.member_id == member.pk
    return member.authority.holds_post(row.department_id or 0, row.post_id or 0)


def _waiting(
    steps: list[Step], actors: StepActors, calendar: OpenDays, today: date
) -> dict[str, Any]:
    """Current steps by post with the holders' names and the day since when they wait; a vacant post
    is marked.
    """
    current = [step for step in steps if step.state == Step.State.CURRENT]
    rows = {step.pk: _turn(step, actors, calendar, today) for step in current}
    return {"turn": list(rows.values()), "turns": rows}


def _turn(step: Step, actors: StepActors, calendar: OpenDays, today: date) -> dict[str, Any]:
    opened = timezone.localdate(step.opened_at) if step.opened_at else today
    return {
        "post": post_name(step),
        "names": [actors.names[number] for number in actors.holders(step)],
        "away": actors.lack(step) == Step.Lack.AWAY,
        "in_place": [actors.names[number] for number in actors.in_place(step)],
        "since": step.opened_at,
        "waited": calendar.between(opened, today),
        "due_on": step.due_on,
        "left": calendar.left(today, step.due_on) if step.due_on else None,
    }


def needs_review(step: Step) -> bool:
    """Whether the step was done in place of its post and its holder has not read it yet."""
    return (
        step.capacity in Step.IN_PLACE
        and step.reviewed_at is None
        and step.state == Step.State.APPROVED
    )


def progress(decision: Decision, steps: list[Step]) -> str:
    """「3 / 5」 of the steps while the decision is running."""
    if decision.state != Decision.State.RUNNING:
        return ""
    passed = sum(step.state in (Step.State.APPROVED, Step.State.SKIPPED) for step in steps)
    return f"{passed} / {len(steps)}"


def approve_words(step: Step, steps: list[Step], *, own: bool = True) -> str:
    """Label of the button, naming what approval brings about."""
    if step.kind == StepKind.DECIDE:
        return pgettext("組織", "決裁する") if own else pgettext("決裁", "代決する")
    if not own:
        return _("引き上げて承認する")
    if step.kind == StepKind.AGREE:
        return pgettext("組織", "同意する")
    after = [
        other for other in steps if other.order > step.order and other.state == Step.State.WAITING
    ]
    following = min(after, key=lambda other: other.order, default=None)
    return (
        _("承認して%(post)sへ送る") % {"post": post_name(following)}
        if following
        else pgettext("決裁", "承認する")
    )
