"""Whose turn it is at a step, told to them: once per turn and person, and again to whoever comes
into the post later.
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
class Telling:
    """One person to be told of one turn."""

    member: int
    rule: str
    step: Step

    @property
    def key(self) -> str:
        """The key that its notice has."""
        due_on = None if self.rule == "decision.vacant" else self.step.due_on
        return notice_key(self.rule, self.step.decision_id, turn_of(self.step), due_on)


def turn_of(step: Step) -> str:
    """Names one turn of a step: asked again after 差戻し it is another one, and is told again."""
    return f"r{step.revision}s{step.order}e{step.edition}"


def tell_turn(step: Step, standing: StepActors, *, now: datetime) -> None:
    """Tell whoever may act at a step that has just been opened; the office, when nobody can."""
    tell(list(tellings_of(step, standing, now)), now)


def tellings_of(step: Step, standing: StepActors, now: datetime) -> Iterator[Telling]:
    """Holders always; those who may act in their place while nobody is there; the office when there
    is nobody at all, or when the post is vacant, since only the office can mend that.
    """
    for number in standing.own(step):
        yield Telling(number, "decision.yours", step)
    lack = standing.lack(step)
    if not lack:
        return
    in_place = standing.in_place(step)
    for number in in_place:
        yield Telling(number, "decision.in_place", step)
    if lack == Step.Lack.VACANT or not in_place:
        for number in _who_mends(step, now):
            yield Telling(number, "decision.vacant", step)


def _who_mends(step: Step, now: datetime) -> list[int]:
    """The office; where it has nobody, the nearest managers; where there is none, the drafter.
    Never nobody.
    """
    day, path = timezone.localdate(now), step.department.path
    office = role_holders("office", step.municipality_id, day).order_by("pk")
    return (
        list(office.values_list("pk", flat=True))
        or [member.pk for member in nearest_holders("manager", path, day)]
        or [step.decision.drafter_id]
    )


def close_turn_notices(decision: Decision, now: datetime) -> None:
    """What is not asked any more waits unread for nobody."""
    rows = Notice.objects.of(decision.municipality_id).filter(
        rule__in=RULES, object_id=decision.pk, read_at=None
    )
    rows.update(read_at=now)


def tell(tellings: list[Telling], now: datetime) -> int:
    """Tell them; how many there were."""
    wanted = {telling.member for telling in tellings}
    members = Member.objects.filter(pk__in=wanted).select_related("municipality", "user").in_bulk()
    for telling in tellings:
        step = telling.step
        facts: dict[str, Any] = {"title": step.decision.title}
        if telling.rule != "decision.yours":
            facts["post"] = f"{step.department.name} {step.post.title}"
        due_on = None if telling.rule == "decision.vacant" else step.due_on
        stage = turn_of(step)
        notify(
            members[telling.member],
            telling.rule,
            step.decision,
            stage=stage,
            due_on=due_on,
            now=now,
            **facts,
        )
    return len(tellings)
