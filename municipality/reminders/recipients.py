"""Whom a reminder reaches: the people of a body on a day, and who stands above whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from municipality.core.registry import deadlines
from municipality.deadlines.kinds import LEADING
from municipality.deadlines.queries import Due
from municipality.organisation.models import Grant, Member, Municipality
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
        self.by_role: dict[tuple[str, str], list[int]] = defaultdict(list)
        grants = Grant.objects.on(day).filter(municipality=municipality)
        for role, path, member_id in grants.values_list(
            "role", "posting__department__path", "posting__member"
        ):
            self.by_role[role, path].append(member_id)

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
        """Holders of the role in the department, else in the next one above that has any."""
        if role not in ("manager", "executive"):
            return sorted(
                {n for (held, _path), found in self.by_role.items() if held == role for n in found}
            )
        while path.count("/") > 1:
            if found := self.by_role.get((role, path)):
                return sorted(set(found))
            path = path[: path.rstrip("/").rfind("/") + 1]
        return []

    def leading(self, number: int | None, path: str) -> list[int]:
        """This one person, if they lead the department or one above it."""
        held = [
            at
            for (role, at), found in self.by_role.items()
            if role in ("manager", "executive") and number in found
        ]
        return [number] if number is not None and any(path.startswith(at) for at in held) else []

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
