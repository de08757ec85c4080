"""A decision as it is read: the 決裁欄, what is asked and what changed, whose turn it is, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.authority import post_holders
from municipality.calendars import open_days
from municipality.models import Decision, Member, Step, StepKind
from municipality.rooms import subjects
from municipality.rules import may_act_on, may_answer, may_withdraw

DRAWN: dict[str, str] = {
    Step.State.APPROVED: "done",
    Step.State.CURRENT: "now",
    Step.State.RETURNED: "returned",
    Step.State.REJECTED: "returned",
    Step.State.SKIPPED: "skipped",
}


@dataclass(frozen=True)
class Box:
    """One cell of the 決裁欄: what the component draws."""

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
    """The 決裁欄 of the present round, the drafter first."""
    drafted = timezone.localdate(decision.submitted_at or decision.drafted_at)
    first = Box(
        pgettext("決裁", "起案"),
        decision.department.name,
        "done",
        seal_post=decision.department.name,
        seal_date=drafted,
        seal_name=decision.drafter.family_name,
        note=_day(drafted),
    )
    orders = [step.order for step in steps]
    return [first, *(_box(step, together=orders.count(step.order) > 1) for step in steps)]


def _box(step: Step, *, together: bool) -> Box:
    acted = timezone.localdate(step.acted_at) if step.acted_at else ""
    sealed = step.state == Step.State.APPROVED
    return Box(
        step.get_kind_display(),
        post_name(step),
        DRAWN.get(step.state, "todo"),
        seal_post=step.acted_post if sealed else "",
        seal_date=acted if sealed else "",
        seal_name=(step.acted_by.family_name if sealed and step.acted_by else ""),
        mark="代" if step.capacity == Step.Capacity.DEPUTY else "",
        note=_note(step),
        together=together,
        text=pgettext("組織", "取りやめ") if step.state == Step.State.ENDED else "",
    )


def _note(step: Step) -> str:
    if step.capacity == Step.Capacity.DEPUTY:
        seen = step.reviewed_at
        return _("%(day)s 後閲") % {"day": _day(timezone.localdate(seen))} if seen else pgettext("組織", "後閲 未")
    if step.acted_at:
        return f"{_day(timezone.localdate(step.acted_at))} {step.get_opinion_display()}".strip()
    if step.state == Step.State.CURRENT and step.due_on:
        return _("%(day)sまで") % {"day": _day(step.due_on)}
    return "—"


def _day(day: date) -> str:
    return date_format(day, pgettext("組織", "n月j日"))


def post_name(step: Step) -> str:
    """The post as people say it: 総務課長 for the 課長 of 総務課; the post alone for the body's own posts."""
    if step.department.is_body:
        return step.post.title
    name, title = step.department.name, step.post.title
    return f"{name}{title[len(name[-1]) :]}" if title.startswith(name[-1]) else f"{name}{title}"


def sheet(decision: Decision, member: Member, today: date) -> dict[str, Any]:
    """Everything the decision's page shows, for this member."""
    steps = list(
        decision.steps.filter(revision=decision.revision).select_related(
            "post", "department", "acted_by", "reviewed_by"
        )
    )
    for step in steps:
        step.decision = decision
    shown = {"decision": decision, "subject": subjects()[decision.matter], "boxes": boxes(decision, steps)}
    return shown | _asked(decision) | _to_do(decision, steps, member, today) | _passed(decision, steps, today)


def _asked(decision: Decision) -> dict[str, Any]:
    """What is asked, and what differs from the version before."""
    revisions = list(decision.revisions.all())
    content = revisions[-1].content if revisions else subjects()[decision.matter].content(decision.subject_id)
    frozen = revisions[-1] if revisions else None
    return {"content": content, "tables": tables(content), "revision": frozen, "changes": changes(revisions)}


def _to_do(decision: Decision, steps: list[Step], member: Member, today: date) -> dict[str, Any]:
    """What this member may do here: at a step, as drafter, or afterwards."""
    current = [step for step in steps if step.state == Step.State.CURRENT]
    mine = next((step for step in current if may_answer(member, step)), None)
    drafts = bool(may_withdraw(member, decision)) and decision.closed_at is None
    due_on = mine.due_on if mine else None
    return {
        "mine": mine,
        "next_words": approve_words(mine, steps) if mine else "",
        "as_deputy": mine is not None and not may_act_on(member, mine),
        "left": open_days(decision.municipality_id).between(today, due_on) if due_on else None,
        "may_withdraw": drafts,
        "may_submit": drafts and decision.state != Decision.State.RUNNING,
        "to_review": next((step for step in steps if needs_review(step) and may_act_on(member, step)), None),
    }


def _passed(decision: Decision, steps: list[Step], today: date) -> dict[str, Any]:
    """How far it has come, whose turn it is, and what was said on the way."""
    current = [step for step in steps if step.state == Step.State.CURRENT]
    return {"progress": progress(decision, steps), "turn": turn(current, today), "story": story(decision)}


def needs_review(step: Step) -> bool:
    """Was it decided by a deputy and not read by the post's holder yet?"""
    return step.capacity == Step.Capacity.DEPUTY and step.reviewed_at is None and step.state == Step.State.APPROVED


def progress(decision: Decision, steps: list[Step]) -> str:
    """「3 / 5」 of the steps while it runs."""
    if decision.state != Decision.State.RUNNING:
        return ""
    passed = sum(step.state in (Step.State.APPROVED, Step.State.SKIPPED) for step in steps)
    return f"{passed} / {len(steps)}"


def turn(current: list[Step], today: date) -> list[dict[str, Any]]:
    """Whose turn it is and since when, post by post, with the holders' names; a vacant post says so."""
    rows = []
    for step in current:
        names = [member.name for member in post_holders(step.department_id, step.post_id, today)]
        rows.append({"post": post_name(step), "names": names, "since": step.opened_at, "due_on": step.due_on})
    return rows


def approve_words(step: Step, steps: list[Step]) -> str:
    """What the button says: it names the consequence."""
    if step.kind == StepKind.AGREE:
        return pgettext("組織", "同意する")
    after = [other for other in steps if other.order > step.order and other.state == Step.State.WAITING]
    if not after:
        return pgettext("組織", "決裁する")
    following = min(after, key=lambda other: other.order)
    return _("承認して%(post)sへ送る") % {"post": post_name(following)}


def tables(content: dict) -> list[dict[str, Any]]:
    """The frozen tables with each cell's head beside it. A cell is a text, or {"tone", "label"} drawn as a badge."""
    return [
        {**table, "rows": [list(zip(table["head"], row, strict=False)) for row in table["rows"]]}
        for table in content.get("tables", [])
    ]


def changes(revisions: list) -> list[tuple[str, str, str]]:
    """(label, before, now) of what differs from the version before, in the order of the page."""
    if len(revisions) < 2:
        return []
    before, now = (dict(_pairs(revision.content)) for revision in revisions[-2:])
    return [
        (label, before.get(label, ""), now.get(label, ""))
        for label in {**now, **before}
        if before.get(label) != now.get(label)
    ]


def _pairs(content: dict) -> list[tuple[str, str]]:
    rows = [(pgettext("組織", "伺い"), content.get("lead", ""))] + [
        (label, value) for label, value in content.get("spec", [])
    ]
    for table in content.get("tables", []):
        rows += [(f"{table['title']} {row[0]}", " / ".join(_said(cell) for cell in row[1:])) for row in table["rows"]]
    return rows


def _said(cell: Any) -> str:
    return cell["label"] if isinstance(cell, dict) else str(cell)


def story(decision: Decision) -> list[Step]:
    """What was said on the way, the latest first, all rounds."""
    acted = decision.steps.filter(acted_at__isnull=False).select_related("post", "department", "acted_by")
    return list(acted.order_by("-acted_at"))
