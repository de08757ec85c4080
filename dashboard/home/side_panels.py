"""What the list of things to do needs beside the list itself: reminders sent, whose page opens, and
what was handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from municipality.deadlines.queries import Due, opening_for
from municipality.decisions.models import Step
from municipality.notifications.models import Notice
from municipality.organisation.models import Member
from municipality.setup.system_status import backlog, silent_pulses
from rollout.readiness.models import Assessment

Key = tuple[str, int]
"""Rule and number of a thing that is due."""


@dataclass(frozen=True, order=True)
class Escalation:
    """A reminder that went to somebody above: the day, and the role that was reminded."""

    day: date
    role: str


@dataclass(frozen=True)
class SidePanels:
    """What stands beside the list.

    `escalations` are the first of each late thing, `opens` the things of others whose page the
    member sees, `handed_in` what others have to do with what the member handed in.
    """

    escalations: dict[Key, Escalation]
    opens: set[Key]
    handed_in: list[Due]


def read_side_panels(member: Member, mine: list[Due], others: list[Due], today: date) -> SidePanels:
    """What stands beside what is due: `mine` from the member, the rest from `others`."""
    return SidePanels(
        escalations=escalations_of(member, [*mine, *others], today),
        opens=opening_for(member, others),
        handed_in=[*drafted_decisions(member), *submitted_assessments(member)],
    )


def has_stopped(now: datetime) -> bool:
    """Is a part of the installation silent that was there before, or do mails pile up?"""
    return silent_pulses(now).exists() or backlog(now).exists()


def drafted_decisions(member: Member) -> list[Due]:
    """Whose turn it is in the decisions that the member drafted. One query."""
    steps = (
        Step.objects.of(member.municipality_id)
        .current()
        .filter(decision__drafter=member)
        .order_by("pk")
    )
    values = steps.values_list(
        "decision_id",
        "due_on",
        "opened_at",
        "decision__title",
        "department__name",
        "post__title",
    )
    return [
        Due(
            rule="decision.step",
            object_id=number,
            member_id=0,
            path="",
            role="",
            due_on=due_on,
            opened_on=timezone.localdate(opened_at),
            title=title,
            note=f"{department or ''} {post or ''}",
        )
        for number, due_on, opened_at, title, department, post in values
        if due_on and opened_at
    ]


def submitted_assessments(member: Member) -> list[Due]:
    """The assessments that the member submitted and the office has not confirmed. One query."""
    assessments = Assessment.objects.visible_to(member).to_confirm().filter(submitted_by=member)
    values = assessments.values_list(
        "pk", "confirm_due_on", "submitted_at", "round__name", "department__name"
    )
    return [
        Due(
            rule="readiness.confirm",
            object_id=number,
            member_id=0,
            path="",
            role="office",
            due_on=due_on,
            opened_on=timezone.localdate(submitted_at),
            title=round_name,
            note=department,
        )
        for number, due_on, submitted_at, round_name, department in values
        if due_on and submitted_at
    ]


def escalations_of(member: Member, things: Iterable[Due], today: date) -> dict[Key, Escalation]:
    """The first reminder to somebody above for each late thing; whom it went to is not read. One
    query.
    """
    late = {(due.rule, due.object_id, due.due_on) for due in things if due.due_on < today}
    if not late:
        return {}
    rows = Notice.objects.of(member.municipality_id).filter(
        rule__in={rule for rule, _number, _due_on in late},
        object_id__in={number for _rule, number, _due_on in late},
        params__escalated=True,
        told_at__isnull=False,
    )
    first: dict[Key, Escalation] = {}
    for rule, number, due_on, params, sent_at in rows.order_by().values_list(
        "rule", "object_id", "due_on", "params", "told_at"
    ):
        if (rule, number, due_on) not in late:
            continue
        role = "office" if params.get("above") == "office" else "manager"
        sent = Escalation(timezone.localdate(sent_at), role)
        first[rule, number] = min(sent, first.get((rule, number), sent))
    return first
