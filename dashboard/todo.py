"""対応事項: what is due around a member, sorted into what is theirs, their department's, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from municipality.models import Member
from municipality.operations.reminders import Due, audience_of, due_things
from municipality.periods import OpenDays

from .asides import Asides, read_asides

TABS = ("mine", "department", "waiting")


@dataclass(frozen=True)
class Todo:
    """What waits around one member on one day: `mine` to do, all of the `department`'s, and what others do for them."""

    member: Member
    today: date
    calendar: OpenDays
    mine: list[Due]
    department: list[Due]
    waiting: list[Due]
    asides: Asides

    def listed(self, tab: str) -> list[Due]:
        """The things under a tab, earliest first, each once."""
        return getattr(self, tab)

    def left(self, due_on: date) -> int:
        """Open days until the day. Negative once it has passed, from the next morning on, closed or not."""
        days = self.calendar.between(self.today, due_on)
        return min(days, -1) if due_on < self.today else days


def read_todo(member: Member, today: date, calendar: OpenDays) -> Todo:
    """Everything due around the member. Two queries, and for a manager one more to know which departments are theirs."""
    reach = member.authority.answers_for if member.authority.is_manager else Q(d_member=member.pk)
    things = due_things(member.municipality, today, audience=audience_of(member) | reach)
    mine = [due for due in things if is_theirs(due, member)]
    others = [due for due in things if not is_theirs(due, member)]
    asides = read_asides(member, today, [due for due in things if due.due_on < today], others)
    outside = [due for due in others if not due.member_id and due.role != "manager"]
    return Todo(
        member=member, today=today, calendar=calendar, asides=asides, mine=once(mine),
        department=once(due for due in things if due not in outside and (due.member_id or due.role == "manager")),
        waiting=once(sorted([*outside, *asides.drafted], key=lambda due: due.due_on)),
    )  # fmt: skip


def is_theirs(due: Due, member: Member) -> bool:
    """Is it this member who has to act? What names a role was read for the member's own reach of that role."""
    return due.member_id == member.pk if due.member_id else due.role in member.authority.roles


def once(things: Iterable[Due]) -> list[Due]:
    """The same thing asked of several people stands once."""
    return list({(due.rule, due.object_id, due.due_on): due for due in reversed(list(things))}.values())[::-1]
