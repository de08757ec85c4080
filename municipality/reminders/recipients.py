"""Whom a reminder reaches: who is to act on what is due, and who stands above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from municipality.core.registry import deadlines
from municipality.deadlines.kinds import LEADING
from municipality.deadlines.queries import Due
from municipality.organisation.models import SUBTREE, Grant, Municipality
from municipality.reminders.schedule import Ladder


class People:
    """Who is to act on things that are due, by number of the member, as of one day. One query,
    however many things there are, and only for the departments that they belong to.
    """

    def __init__(self, municipality: Municipality, day: date, things: Iterable[Due]) -> None:
        self.by_path: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.led: dict[int, list[str]] = defaultdict(list)
        self.of_body: dict[str, set[int]] = defaultdict(set)
        roles, paths = {"office"}, set[str]()
        for role, path in {(due.role, due.path) for due in things}:
            roles.add(role)
            paths.update(_at_and_above(path))
        wanted = Q(role__in=roles - SUBTREE) | Q(
            role__in=SUBTREE, posting__department__path__in=paths
        )
        grants = Grant.objects.on(day).filter(wanted, municipality=municipality)
        for role, path, number in grants.values_list(
            "role", "posting__department__path", "posting__member"
        ):
            if role in SUBTREE:
                self.by_path[role, path].append(number)
                self.led[number].append(path)
            else:
                self.of_body[role].add(number)

    def acting(self, due: Due) -> list[int]:
        """Who is to do it: the person named, or those who hold the role nearest to the
        department.
        """
        if due.member_id and due.role == LEADING:
            return self.leading(due.member_id, due.path)
        return [due.member_id] if due.member_id else self.nearest(due.role, due.path)

    def nearest(self, role: str, path: str | None) -> list[int]:
        """Holders of the role in the department, else in the next one above that has any; of a role
        for the whole body all who hold it.
        """
        if role not in SUBTREE:
            return sorted(self.of_body.get(role, ()))
        for at in _at_and_above(path):
            if held := self.by_path.get((role, at)):
                return sorted(set(held))
        return []

    def leading(self, number: int | None, path: str | None) -> list[int]:
        """This one person, if they lead the department or one above it."""
        if number is None or not path:
            return []
        return [number] if any(path.startswith(at) for at in self.led.get(number, ())) else []

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


def _at_and_above(path: str | None) -> Iterator[str]:
    """The path of a department and those of the ones above it, nearest first, the body's last; none
    for a person without a department.
    """
    path = path or ""
    while path.count("/") > 1:
        yield path
        path = path[: path.rstrip("/").rfind("/") + 1]
