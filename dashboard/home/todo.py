"""対応事項: what is due around a member, sorted into what is theirs, their department's, and what
they wait for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dashboard.home.side_panels import SidePanels
from municipality.core.registry import deadlines
from municipality.deadlines.queries import Due, audience_of, due_things
from municipality.organisation.models import Grant, Member
from municipality.organisation.open_days import OpenDays

TABS = ("mine", "department", "waiting")


@dataclass(frozen=True)
class DueAround:
    """Everything due around one member: `mine` to do, and what `others` have to do in the
    departments one leads.
    """

    member: Member
    mine: list[Due]
    others: list[Due]


def due_around(member: Member, today: date) -> DueAround:
    """What is due around the member. One query, and for a manager one more to know which
    departments are theirs.
    """
    reach = member.authority.answers_for if member.authority.is_manager else Q(pk__in=[])
    audience = audience_of(member) | reach
    things = due_things(member.municipality, today, audience=audience, with_names=True)
    mine = [due for due in things if is_theirs(due, member)]
    return DueAround(member, mine, [due for due in things if not is_theirs(due, member)])


def is_theirs(due: Due, member: Member) -> bool:
    """Is it this member who has to act? What names a role was read for the member's own reach of
    that role.
    """
    return due.member_id == member.pk if due.member_id else due.role in member.authority.roles


@dataclass(frozen=True)
class Todo:
    """What waits around one member on one day: `mine` to do, all of the `department`'s, and what
    others do for them.
    """

    member: Member
    today: date
    calendar: OpenDays
    mine: list[Due]
    department: list[Due]
    waiting: list[Due]
    asides: SidePanels

    @classmethod
    def of(cls, around: DueAround, asides: SidePanels, today: date, calendar: OpenDays) -> Todo:
        """Sort what is due into the tabs. What others have to do is listed only where its page
        opens for the member.
        """
        others = [due for due in around.others if (due.rule, due.object_id) in asides.opens]
        outside = [due for due in others if not is_of_people(due)]
        inside = [due for due in [*around.mine, *others] if is_of_people(due)]
        return cls(
            member=around.member,
            today=today,
            calendar=calendar,
            mine=once(around.mine),
            department=once(inside),
            waiting=once([*outside, *asides.handed_in]),
            asides=asides,
        )

    def listed(self, tab: str) -> list[Due]:
        """The things under a tab, earliest first, each once."""
        return {"mine": self.mine, "department": self.department, "waiting": self.waiting}[tab]


def is_of_people(due: Due) -> bool:
    """Has somebody of the department to do it? The rest (office, HR …) is what a department waits
    for.
    """
    return bool(due.member_id) or due.role == Grant.Role.MANAGER


def once(things: Iterable[Due]) -> list[Due]:
    """Earliest first; the same thing asked of several people stands once, by whichever rules."""
    unique: dict[tuple, Due] = {}
    for due in sorted(things, key=lambda due: (due.due_on, due.rule, due.object_id)):
        rule = deadlines()[due.rule].same_as or due.rule
        unique.setdefault((rule, due.object_id, due.due_on), due)
    return list(unique.values())
