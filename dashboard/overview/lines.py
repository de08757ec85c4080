"""Many small facts in one query: each kind of fact is a part of one UNION ALL with fixed
columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, DateField, QuerySet, Value
from django.db.models.functions import Cast

COLUMNS = ("l_tag", "l_number", "l_count", "l_text", "l_more", "l_since", "l_day")


@dataclass(frozen=True)
class FactLine:
    """One fact: what it is about by number, how many, two texts, two days. What a kind of fact does
    not need is empty.
    """

    tag: str
    number: int
    count: int
    text: str
    more: str
    since: date | None
    day: date | None


def lines(
    rows: QuerySet,
    tag: str,
    *,
    number: Any = None,
    count: Any = None,
    text: Any = "",
    more: Any = "",
    since: Any = None,
    day: Any = None,
    per: tuple[str, ...] = (),
) -> QuerySet:
    """The rows as facts of one kind. Each argument is an expression, or a constant; `per` groups
    the rows by fields.
    """
    rows = rows.order_by()
    rows = rows.values(*per) if per else rows
    return rows.annotate(
        l_tag=Value(tag, CharField()),
        l_number=Cast(_of(number, 0), BigIntegerField()),
        l_count=Cast(_of(count, 0), BigIntegerField()),
        l_text=Cast(_of(text), CharField()),
        l_more=Cast(_of(more), CharField()),
        l_since=Cast(_of(since), DateField()),
        l_day=Cast(_of(day), DateField()),
    ).values_list(*COLUMNS)


def counted(rows: QuerySet, tag: str, *, over: str = "pk") -> QuerySet:
    """How many rows there are (different values of a field), as one fact."""
    return lines(
        rows.annotate(l_one=Value(1)), tag, count=Count(over, distinct=True), per=("l_one",)
    )


def read_lines(parts: Iterable[QuerySet]) -> dict[str, list[FactLine]]:
    """All facts of all parts by their kind: one query."""
    first, *others = parts
    found: dict[str, list[FactLine]] = defaultdict(list)
    for row in first.union(*others, all=True) if others else first:
        line = FactLine(*row)
        found[line.tag].append(line)
    return found


def the_count(found: dict[str, list[FactLine]], tag: str) -> int:
    """A number from `counted`; 0 when nothing was there to be counted."""
    return found[tag][0].count if found.get(tag) else 0


def _of(value: Any, default: Any = None) -> Any:
    if value is None:
        return Value(default)
    return value if hasattr(value, "resolve_expression") else Value(value)
