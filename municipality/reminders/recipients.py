"""Whom a reminder reaches: who is to act on what is due, and who stands above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from municipality.core.registry import deadlines
from municipality.deadlines.kinds import LEADING
from municipality.deadlines.queries import Due
from municipality.organisation.leadership import leadership_on, paths_up
from municipality.organisation.models import Municipality
from municipality.reminders.schedule import Ladder


class People:
    """Who is to act on things that are due, by number of the member, as of one day. One query,
    however many things there are, and only for the departments that they belong to.
    """

    def __init__(self, municipality: Municipality, day: date, things: Iterable[Due]) -> None:
        roles, paths = {"office", "manager"}, set[str]()
        for role, path in {(due.role, due.path) for due in things}:
            roles.add(role)
            paths.update(paths_up(path or ""))
        self.leadership = leadership_on(municipality, day, roles=roles, paths=paths)

    def acting(self, due: Due) -> list[int]:
        """Who is to do it: the person named, or those who hold the role nearest to the
        department.
        """
        if due.member_id and due.role == LEADING:
            return self.leading(due.member_id, due.path)
        return [due.member_id] if due.member_id else self.nearest(due.role, due.path)

    def nearest(self, role: str, path: str | None) -> list[int]:
        """Who holds the role for the department, the first in precedence first."""
        return self.leadership.nearest(role, path or "")

    def leading(self, number: int | None, path: str | None) -> list[int]:
        """This one person, if they lead the department or one above it."""
        leads = number is not None and path and self.leadership.leads(number, path)
        return [number] if number is not None and leads else []

    def above(self, due: Due, stage: int, ladder: Ladder) -> Iterator[tuple[int, str]]:
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
        yield from ((number, "manager") for number in managers)
        if from_office is not None and stage >= from_office and furthest == "office":
            office = self.nearest("office", due.path)
            yield from ((number, "office") for number in office if number not in managers)
