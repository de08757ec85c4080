"""What others owe, for the rail of the office: how many of each kind, the earliest day, and the
list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from municipality.core.addresses import page_address
from municipality.core.registry import deadlines
from municipality.deadlines.queries import OwedKind, owed_by_others
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays


@dataclass(frozen=True)
class OutstandingTasks:
    """One kind of thing that others have to do; `left` counts the open days to its earliest day."""

    label: str
    address: str
    count: int
    late: int
    oldest: date
    left: int


def read_owed(member: Member, today: date, calendar: OpenDays) -> list[OutstandingTasks]:
    """What others owe in the body, the earliest first; nothing but for the office. One query."""
    if not member.authority.is_office:
        return []
    return [_owed(row, member, today, calendar) for row in owed_by_others(member, today)]


def _owed(row: OwedKind, member: Member, today: date, calendar: OpenDays) -> OutstandingTasks:
    kind = deadlines()[row.rule]
    address = page_address(kind.list_page, member.municipality_id) if kind.list_page else ""
    return OutstandingTasks(
        label=f"{kind.kind} {kind.action}",
        address=f"{address}?{kind.list_query}" if address and kind.list_query else address,
        count=row.count,
        late=row.late,
        oldest=row.oldest,
        left=calendar.left(today, row.oldest),
    )
