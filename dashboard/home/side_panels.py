"""What the list of things to do needs beside the list itself: names, reminders sent, and whose page
opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.utils import timezone

from dashboard.overview.lines import FactLine, counted, lines, the_count
from municipality.core.registry import deadlines
from municipality.deadlines.queries import Due
from municipality.decisions.models import Step
from municipality.notifications.models import Notice
from municipality.organisation.models import Member
from municipality.setup.system_status import backlog, silent_pulses
from rollout.readiness.models import Assessment

Key = tuple[str, int]

HANDED_IN = {"decision.step": "", "readiness.confirm": "office"}
"""Kinds of things that others have to do with what one handed in, and the role that does them
(empty: by post).
"""


@dataclass(frozen=True)
class Asides:
    """Facts beside the list.

    Names of people by number, the first day on which somebody above was told of a thing and as
    what, the things whose page the member may open, what the member handed in and others have to
    look at, how many notices are unread, and for the office whether a part of the installation has
    stopped.
    """

    names: dict[int, str]
    told: dict[Key, tuple[date, str]]
    opens: set[Key]
    handed_in: list[Due]
    unread: int
    stopped: bool

    @classmethod
    def read(cls, found: dict[str, list[FactLine]]) -> Asides:
        """The asides among the facts of a page."""
        told: dict[Key, tuple[date, str]] = {}
        for line in found["told"]:
            if line.day:
                now = (line.day, line.more)
                told[line.text, line.number] = min(now, told.get((line.text, line.number), now))
        handed_in = [
            Due(rule, line.number, 0, "", role, line.day, line.since, line.text, line.more)
            for rule, role in HANDED_IN.items()
            for line in found[rule]
            if line.day and line.since
        ]
        return cls(
            names={line.number: line.text for line in found["name"]},
            told=told,
            opens={(line.text, line.number) for line in found["opens"]},
            handed_in=handed_in,
            unread=the_count(found, "unread"),
            stopped=the_count(found, "silent") + the_count(found, "backlog") > 0,
        )


def asides_of(
    member: Member, things: Iterable[Due], others: Iterable[Due], now: datetime
) -> list[QuerySet]:
    """The parts of the query: `things` are all in sight, `others` those that somebody else has to
    do.
    """
    others, today = list(others), timezone.localdate(now)
    late = [due for due in things if due.due_on < today]
    return [
        counted(Notice.objects.visible_to(member).unread(), "unread"),
        _drafted(member),
        _submitted(member),
        *_names(member, others),
        *_told(member, late),
        *_opening(member, others),
        *(_stopped(now) if member.authority.is_office else []),
    ]


def _stopped(now: datetime) -> list[QuerySet]:
    """Parts of the installation that were there before and are silent now."""
    return [counted(silent_pulses(now), "silent"), counted(backlog(now), "backlog")]


def _drafted(member: Member) -> QuerySet:
    """Whose turn it is in the decisions that the member drafted."""
    rows = (
        Step.objects.of(member.municipality_id)
        .current()
        .filter(decision__drafter=member, due_on__isnull=False)
    )
    holder = Concat(F("department__name"), Value(" "), F("post__title"), output_field=CharField())
    return lines(
        rows,
        "decision.step",
        number=F("decision_id"),
        text=F("decision__title"),
        more=holder,
        since=TruncDate("opened_at"),
        day=F("due_on"),
    )


def _submitted(member: Member) -> QuerySet:
    """The assessments that the member submitted and the office has not confirmed."""
    return lines(
        Assessment.objects.visible_to(member).to_confirm().filter(submitted_by=member),
        "readiness.confirm",
        number=F("pk"),
        text=F("round__name"),
        more=F("department__name"),
        since=TruncDate("submitted_at"),
        day=F("confirm_due_on"),
    )


def _names(member: Member, things: list[Due]) -> list[QuerySet]:
    people = {due.member_id for due in things if due.member_id}
    rows = Member.objects.of(member.municipality_id).filter(pk__in=people)
    return [lines(rows, "name", number=F("pk"), text=F("name"))] if people else []


def _told(member: Member, late: list[Due]) -> list[QuerySet]:
    """Reminders that went to somebody above; only the day is read, not whom they went to."""
    wanted = Q()
    for due in late:
        wanted |= Q(rule=due.rule, object_id=due.object_id, due_on=due.due_on)
    rows = Notice.objects.of(member.municipality_id).filter(wanted, params__escalated=True)
    above = Coalesce(
        KeyTextTransform("above", "params"), Value("manager"), output_field=CharField()
    )
    return (
        [
            lines(
                rows,
                "told",
                number=F("object_id"),
                text=F("rule"),
                more=above,
                day=TruncDate("told_at"),
            )
        ]
        if late
        else []
    )


def _opening(member: Member, things: list[Due]) -> list[QuerySet]:
    """Of the things that somebody else has to do, those whose page the member sees.

    A page that fetches its row itself (personal records, where each reading is noted) is never
    somebody else's list.
    """
    by_rule: dict[str, set[int]] = {}
    for due in things:
        by_rule.setdefault(due.rule, set()).add(due.object_id)
    parts = []
    for rule, numbers in by_rule.items():
        if model := deadlines()[rule].model:
            rows = model.objects.visible_to(member).filter(pk__in=numbers)
            parts.append(lines(rows, "opens", number=F("pk"), text=Value(rule)))
    return parts
