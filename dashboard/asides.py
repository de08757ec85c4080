"""What the list of things to do needs beside the list itself, in one query: names, reminders sent, whose page opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.urls import resolve, reverse

from municipality.models import Member, Notice, Step
from municipality.operations.reminders import Due
from municipality.rooms import deadlines

COLUMNS = ("a_tag", "a_number", "a_text", "a_more", "a_since", "a_day")


@dataclass
class Asides:
    """Facts beside the list.

    Names of people by number, the first day on which somebody above was told of a thing, the member's own drafts that
    others have to decide, and the things whose page the member may open.
    """

    names: dict[int, str] = field(default_factory=dict)
    told: dict[tuple[str, int], date] = field(default_factory=dict)
    drafted: list[Due] = field(default_factory=list)
    opens: set[tuple[str, int]] = field(default_factory=set)


def read_asides(member: Member, today: date, late: Iterable[Due], others: Iterable[Due]) -> Asides:
    """The asides of a member's list: `late` things may have been escalated, `others` are somebody else's to do."""
    parts = [_drafted(member, today), *_names(member, others), *_told(member, late), *_opening(member, others)]
    asides = Asides()
    for tag, number, text, more, since, day in parts[0].union(*parts[1:], all=True):
        if tag == "drafted":
            asides.drafted.append(Due("decision.step", number, 0, "", "", day, since, text, more))
        elif tag == "name":
            asides.names[number] = text
        elif tag == "told":
            asides.told[text, number] = min(day, asides.told.get((text, number), day))
        else:
            asides.opens.add((text, number))
    asides.opens |= {(due.rule, due.object_id) for due in asides.drafted}
    return asides


def _line(
    rows: QuerySet, tag: str, number: str, text: Any, *, more: Any = None, since: Any = None, day: Any = None
) -> QuerySet:
    nothing = Value(None, DateField())
    lines = rows.annotate(
        a_tag=Value(tag, CharField()),
        a_number=Cast(F(number), BigIntegerField()),
        a_text=Cast(text, CharField()),
        a_more=Cast(more, CharField()) if more is not None else Value("", CharField()),
        a_since=Cast(since, DateField()) if since is not None else nothing,
        a_day=Cast(day, DateField()) if day is not None else nothing,
    )
    return lines.order_by().values_list(*COLUMNS)


def _drafted(member: Member, today: date) -> QuerySet:
    """Whose turn it is in the decisions that the member drafted."""
    rows = Step.objects.of(member.municipality_id).current().filter(decision__drafter=member, due_on__isnull=False)
    holder = Concat(F("department__name"), Value(" "), F("post__title"), output_field=CharField())
    return _line(
        rows, "drafted", "decision_id", F("decision__title"), more=holder, since=TruncDate("opened_at"), day=F("due_on")
    )


def _names(member: Member, things: Iterable[Due]) -> list[QuerySet]:
    people = {due.member_id for due in things if due.member_id}
    rows = Member.objects.of(member.municipality_id).filter(pk__in=people)
    return [_line(rows, "name", "pk", F("name"))] if people else []


def _told(member: Member, late: Iterable[Due]) -> list[QuerySet]:
    """Reminders that went to somebody above; only the day is read, not whom they went to."""
    wanted = Q(pk__in=[])
    for due in late:
        wanted |= Q(rule=due.rule, object_id=due.object_id, due_on=due.due_on)
    rows = Notice.objects.of(member.municipality_id).filter(wanted, params__escalated=True)
    return [_line(rows, "told", "object_id", F("rule"), day=TruncDate("told_at"))] if wanted else []


def _opening(member: Member, things: Iterable[Due]) -> list[QuerySet]:
    """Of the things that somebody else has to do, those whose page the member sees."""
    by_rule: dict[str, set[int]] = {}
    for due in things:
        by_rule.setdefault(due.rule, set()).add(due.object_id)
    parts = []
    for rule, numbers in by_rule.items():
        model = resolve(reverse(deadlines()[rule].page, args=[member.municipality_id, 0])).func.page.of
        rows = model.objects.visible_to(member).filter(pk__in=numbers)
        parts.append(_line(rows, "opens", "pk", Value(rule)))
    return parts
