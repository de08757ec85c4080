"""Whom a reminder reaches: the people of a body on a day, and who stands above whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from municipality.core.registry import deadlines
from municipality.deadlines.kinds import LEADING
from municipality.deadlines.queries import Due
from municipality.organisation.leadership import leadership_on
from municipality.organisation.models import Member, Municipality
from municipality.reminders.schedule import Ladder


class People:
    """Who is to act on what is due, resolved in bulk for one body and day: two queries, however
    many things are due.
    """

    def __init__(self, municipality: Municipality, day: date) -> None:
        self.members: dict[int, Member] = {
            member.pk: member
            for member in Member.objects.of(municipality)
            .filter(is_active=True)
            .select_related("user", "municipality")
        }
        self.leadership = leadership_on(municipality, day)

    def acting(self, due: Due) -> list[Member]:
        """Who is to do it: the person named, or those who hold the role nearest to the
        department.
        """
        if due.member_id and due.role == LEADING:
            numbers = self.leading(due.member_id, due.path)
        else:
            numbers = [due.member_id] if due.member_id else self.nearest(due.role, due.path)
        return [self.members[number] for number in numbers if number in self.members]

    def nearest(self, role: str, path: str) -> list[int]:
        """Who holds the role for the department, the first in precedence first."""
        return self.leadership.nearest(role, path)

    def leading(self, number: int | None, path: str) -> list[int]:
        """This one person, if they lead the department or one above it."""
        return [number] if number is not None and self.leadership.leads(number, path) else []

    def above(self, due: Due, stage: int, ladder: Ladder) -> Iterator[tuple[Member, str]]:
        """Who is told beside them and as what: the manager, the office, from the stages on that the
        ladder names.

        Cumulative, nearest first, and no further than the kind of deadline allows. Where no manager
        is found the office is told in the manager's place.
        """
        furthest, from_office = deadlines()[due.rule].escalates, ladder.office_from
        managers: list[int] = []
        if (
            ladder.manager_from is not None
            and stage >= ladder.manager_from
            and furthest != "nobody"
        ):
            managers = (
                self.leading(due.above_id, due.path)
                if due.above_id != 0
                else self.nearest("manager", due.path)
            )
            from_office = from_office if managers else ladder.manager_from
        told = [(number, "manager") for number in managers]
        if from_office is not None and stage >= from_office and furthest == "office":
            told += [
                (number, "office")
                for number in self.nearest("office", due.path)
                if number not in managers
            ]
        return ((self.members[number], whom) for number, whom in told if number in self.members)
