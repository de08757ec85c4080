"""Notices to those who may act at a step: once for each turn and person, and again for a person who
comes into the post later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Decision, Step
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import notice_key, notify
from municipality.organisation.leadership import nearest_holders, role_holders
from municipality.organisation.models import Member

RULES = ("decision.yours", "decision.in_place", "decision.vacant")


@dataclass(frozen=True)
class TurnNotice:
    """Notice of one turn to one person."""

    member: int
    rule: str
    step: Step

    @property
    def key(self) -> str:
        """Key of the notice."""
        due_on = None if self.rule == "decision.vacant" else self.step.due_on
        return notice_key(self.rule, self.step.decision_id, turn_of(self.step), due_on)


def turn_of(step: Step) -> str:
    """Name of one turn of a step: a step that is repeated after 差戻し has another turn, and is
    notified again.
    """
    return f"r{step.revision}s{step.order}e{step.edition}"


def notify_turn(step: Step, actors: StepActors, *, now: datetime) -> None:
    """Notify everybody who may act at a step that has just been opened; the office, when nobody
    can.
    """
    send_turn_notices(list(turn_notices(step, actors, now)), now)


def turn_notices(step: Step, actors: StepActors, now: datetime) -> Iterator[TurnNotice]:
    """Notices of a turn: to the holders of the post; when none is present, to those who may act in
    their place; to the office when there is nobody, or when the post is vacant, because only the
    office can fill it.
    """
    for number in actors.own(step):
        yield TurnNotice(number, "decision.yours", step)
    lack = actors.lack(step)
    if not lack:
        return
    in_place = actors.in_place(step)
    for number in in_place:
        yield TurnNotice(number, "decision.in_place", step)
    if lack == Step.Lack.VACANT or not in_place:
        for number in _fallback_recipients(step, now):
            yield TurnNotice(number, "decision.vacant", step)


def _fallback_recipients(step: Step, now: datetime) -> list[int]:
    """Members of the office; without any, the nearest managers; without any, the drafter. Never
    empty.
    """
    day, path = timezone.localdate(now), step.department.path
    office = role_holders("office", step.municipality_id, day).order_by("pk")
    return (
        list(office.values_list("pk", flat=True))
        or [member.pk for member in nearest_holders("manager", path, day)]
        or [step.decision.drafter_id]
    )


def close_turn_notices(decision: Decision, now: datetime) -> None:
    """Mark the notices of turns that are over as read, so that they wait for nobody."""
    rows = Notice.objects.of(decision.municipality_id).filter(
        rule__in=RULES, object_id=decision.pk, read_at=None
    )
    rows.update(read_at=now)


def send_turn_notices(notices: list[TurnNotice], now: datetime) -> int:
    """Send the notices; their number."""
    wanted = {notice.member for notice in notices}
    members = Member.objects.filter(pk__in=wanted).select_related("municipality", "user").in_bulk()
    for notice in notices:
        step = notice.step
        details: dict[str, Any] = {"title": step.decision.title}
        if notice.rule != "decision.yours":
            details["post"] = f"{step.department.name} {step.post.title}"
        due_on = None if notice.rule == "decision.vacant" else step.due_on
        stage = turn_of(step)
        notify(
            members[notice.member],
            notice.rule,
            step.decision,
            stage=stage,
            due_on=due_on,
            now=now,
            **details,
        )
    return len(notices)
