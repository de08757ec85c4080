"""Everything that is due in a body, in one query, and the part of it that is one member's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, Min, OuterRef, Q, Subquery, Value

from municipality.core.registry import deadlines
from municipality.deadlines.kinds import COLUMNS, LEADING
from municipality.organisation.models import SUBTREE, Member, Municipality


@dataclass(frozen=True)
class Due:
    """One thing that is due: columns of the deadlines, in their order; `holder` is the name of the
    person it waits for, where it was asked for.
    """

    rule: str
    object_id: int
    member_id: int
    path: str
    role: str
    due_on: date
    opened_on: date
    title: str
    note: str
    above_id: int | None = 0
    holder: str | None = None


def due_things(
    municipality: Municipality,
    today: date,
    *,
    audience: Q | None = None,
    rule: str = "",
    with_names: bool = False,
) -> list[Due]:
    """Everything that waits to be done in the body, of all kinds, in one query, ordered by due
    date; `with_names` reads the name of the person as well.
    """
    columns, parts = (*COLUMNS, "d_holder") if with_names else COLUMNS, []
    holders = Member.objects.filter(pk=OuterRef("d_member")).values("name")
    for deadline in deadlines().values():
        if rule and deadline.rule != rule:
            continue
        rows = deadline.waiting(municipality, today)
        rows = rows.filter(audience) if audience is not None else rows
        rows = rows.annotate(d_holder=Subquery(holders)) if with_names else rows
        parts.append(rows.order_by().values_list(*columns))
    if not parts:
        return []
    union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [Due(*row) for row in union.order_by("d_due", "d_rule", "d_object")]


@dataclass(frozen=True)
class OwedKind:
    """How many things of one kind others have to do, how many of them are overdue, and the earliest
    day.
    """

    rule: str
    count: int
    late: int
    oldest: date


def owed_by_others(member: Member, today: date) -> list[OwedKind]:
    """What waits in the member's body for others than the member, by kind: how many things, each
    once however many may do it. One query.
    """
    parts = [
        deadline.waiting(member.municipality, today)
        .exclude(audience_of(member))
        .order_by()
        .values("d_rule")
        .annotate(
            n=Count("d_object", distinct=True),
            late=Count("d_object", distinct=True, filter=Q(d_due__lt=today)),
            oldest=Min("d_due"),
        )
        .values_list("d_rule", "n", "late", "oldest")
        for deadline in deadlines().values()
        if not deadline.same_as
    ]
    union = parts[0].union(*parts[1:], all=True)
    rows = [OwedKind(*row) for row in union]
    return sorted((row for row in rows if row.count), key=lambda row: (row.oldest, row.rule))


def audience_of(member: Member) -> Q:
    """The filter on a deadline's columns that leaves what this member has to do."""
    authority = member.authority
    own = Q(d_member=member.pk) & (~Q(d_role=LEADING) | authority.led("d_path"))
    wanted = own | (Q(d_role="manager") & authority.answers_for)
    whole = sorted(authority.roles - {*SUBTREE, "staff"})
    return wanted | Q(d_role__in=whole) if whole else wanted


def opening_for(member: Member, things: Iterable[Due]) -> set[tuple[str, int]]:
    """Rule and number of those things whose page the member sees. One query.

    A page that fetches its row itself (personal records, where each reading is noted) opens for
    nobody else.
    """
    numbers: dict[str, set[int]] = defaultdict(set)
    for due in things:
        numbers[due.rule].add(due.object_id)
    parts = [
        model.objects.visible_to(member)
        .filter(pk__in=numbers[rule])
        .order_by()
        .values_list(Value(rule, CharField()), "pk")
        for rule in numbers
        if (model := deadlines()[rule].model)
    ]
    if not parts:
        return set()
    return set(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
