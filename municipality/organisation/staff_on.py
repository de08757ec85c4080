"""Who holds what on a day, in memory: as stored, as the last hand-over left it, or as a file would
make it.

A preview and the hand-over on the day ask the same questions of it, so that the one says what the
other does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from municipality.organisation.leadership import Leadership, RoleHolding
from municipality.organisation.models import (
    SUBTREE,
    Department,
    DepartmentVersion,
    Grant,
    Member,
    Municipality,
    Post,
    Posting,
)

PATH_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A posting in force on the day: numbers of the person, the department and the post.

    `since` is its first day. It orders who leads, and is no part of what makes two places equal: a
    posting begun anew in the same post is the same place.
    """

    member: int
    department: int
    post: int
    is_main: bool
    is_present: bool
    roles: tuple[str, ...]
    since: date = field(default=date.min, compare=False)


@dataclass
class Roster:
    """The people of a body on one day. `places` holds those on leave and seconded away too; only
    who is present acts.
    """

    day: date
    root: str
    places: list[Place]
    parents: dict[int, int]
    names: dict[int, str] = field(default_factory=dict)
    live: set[int] = field(default_factory=set)
    ranks: dict[int, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    """Titles of the posts; `kinds` are those of the departments, in the order of their codes."""
    kinds: dict[int, str] = field(default_factory=dict)

    @cached_property
    def by_member(self) -> dict[int, list[Place]]:
        """Every place of each person, the main one first."""
        places: dict[int, list[Place]] = defaultdict(list)
        for place in sorted(
            self.places, key=lambda place: (not place.is_main, place.department, place.post)
        ):
            places[place.member].append(place)
        return dict(places)

    @cached_property
    def by_post(self) -> dict[tuple[int, int], list[int]]:
        """Who is present in each post of each department."""
        present: dict[tuple[int, int], set[int]] = defaultdict(set)
        for place in self.places:
            if place.is_present:
                present[place.department, place.post].add(place.member)
        return {key: sorted(members) for key, members in present.items()}

    @cached_property
    def leadership(self) -> Leadership:
        """Who leads where. Roles of the whole body are among it."""
        paths = {number: self.path(number) for number in {row.department for row in self.places}}
        return Leadership(
            RoleHolding(
                role,
                paths[place.department],
                place.member,
                self.ranks.get(place.post, 0),
                place.is_main,
                place.since,
            )
            for place in self.places
            if place.is_present
            for role in place.roles
        )

    def posted(self, member: int) -> list[Place]:
        """Where the person is present, the main posting first."""
        return [place for place in self.by_member.get(member, ()) if place.is_present]

    def main(self, member: int) -> Place | None:
        """The main posting, else the first concurrent one; also of somebody on leave."""
        return next(iter(self.by_member.get(member, ())), None)

    def holders(self, department: int, post: int) -> list[int]:
        """Who is present in the post."""
        return self.by_post.get((department, post), [])

    def leading(self, role: str, department: int) -> list[int]:
        """Who holds the role nearest to the department, the first in precedence first."""
        return self.leadership.nearest(role, self.path(department))

    def line(self, department: int) -> list[int]:
        """The department and what lies above it, nearest first."""
        line: list[int] = []
        while department and department not in line:
            line.append(department)
            department = self.parents.get(department, 0)
        return line

    def path(self, department: int) -> str:
        """The path of the department on the day."""
        parts = [f"{number:0{PATH_DIGITS}d}/" for number in reversed(self.line(department))]
        return self.root + "".join(parts)

    def related(self, member: int, department: int) -> bool:
        """Is the person present in the department, above it or below it?"""
        path = self.path(department)
        theirs = [self.path(place.department) for place in self.posted(member)]
        return any(path.startswith(other) or other.startswith(path) for other in theirs)

    def kept(self) -> dict[str, Any]:
        """What the next hand-over begins from, as numbers only."""
        rows = [
            [
                place.member,
                place.department,
                place.post,
                place.is_main,
                place.is_present,
                list(place.roles),
                place.since.isoformat(),
            ]
            for place in self.places
        ]
        return {
            "day": self.day.isoformat(),
            "places": rows,
            "parents": sorted(self.parents.items()),
        }


@lru_cache(maxsize=256)
def with_role(roles: frozenset[str], role: str) -> frozenset[str]:
    """These roles and one more: the same object for the same roles, of which there are few."""
    return roles | {role}


@lru_cache(maxsize=256)
def in_order(roles: frozenset[str]) -> tuple[str, ...]:
    """The roles as a place keeps them: the same object for the same roles."""
    return tuple(sorted(roles))


def roster_on(municipality: Municipality, day: date) -> Roster:
    """The body as its postings say for the day. Five queries."""
    roles: dict[int, frozenset[str]] = {}
    grants = Grant.objects.filter(municipality=municipality).order_by()
    for posting, role in grants.values_list("posting", "role").iterator():
        roles[posting] = with_role(roles.get(posting, frozenset()), role)
    rows = Posting.objects.of(municipality).on(day).filter(member__is_active=True).order_by("pk")
    places = [
        Place(
            member,
            department,
            post,
            kind == Posting.Kind.MAIN,
            status == Posting.Status.PRESENT,
            in_order(roles.get(pk, frozenset())),
            since,
        )
        for pk, member, department, post, kind, status, since in rows.values_list(
            "pk", "member", "department", "post", "kind", "status", "starts_on"
        ).iterator()
    ]
    return with_tree(municipality, day, places)


def with_tree(municipality: Municipality, day: date, places: Iterable[Place]) -> Roster:
    """These places in the tree of departments as it is on the day. Three queries."""
    known = Department.objects.of(municipality).values_list(
        "pk", "parent", "successor", "name", "kind", "starts_on", "ends_on"
    )
    roster = Roster(day, municipality.root_path, list(places), {})
    for pk, parent, successor, name, kind, starts_on, ends_on in known.order_by("code"):
        roster.kinds[pk] = kind
        followed = successor if ends_on and ends_on < day else None
        roster.parents[pk], roster.names[pk] = followed or parent or 0, name
        if starts_on <= day and (ends_on is None or ends_on >= day):
            roster.live.add(pk)
    versions = DepartmentVersion.objects.of(municipality).on(day).order_by("starts_on")
    for pk, parent, name in versions.values_list("department", "parent", "name"):
        roster.parents[pk], roster.names[pk] = parent or 0, name
    for pk, title, rank in Post.objects.of(municipality).values_list("pk", "title", "rank"):
        roster.titles[pk], roster.ranks[pk] = title, rank
    return roster


def roster_from(municipality: Municipality, kept: dict[str, Any]) -> Roster:
    """The roster as it was kept, with the tree of that day. What was kept before first days were
    noted has none.
    """
    places = [
        Place(
            member,
            department,
            post,
            is_main,
            is_present,
            tuple(roles),
            *(date.fromisoformat(day) for day in since),
        )
        for member, department, post, is_main, is_present, roles, *since in kept["places"]
    ]
    roster = with_tree(municipality, date.fromisoformat(kept["day"]), places)
    roster.parents |= {int(pk): parent for pk, parent in kept["parents"]}
    return roster


@dataclass(frozen=True)
class StaffChange:
    """A body before and after people or departments changed."""

    before: Roster
    after: Roster

    def absent(self, member: int) -> bool:
        """Is the person in no post any more, not even on leave?"""
        return member not in self.after.by_member

    def moved(self, member: int) -> bool:
        """Is the person present no more where they mainly worked before?"""
        main = next(iter(self.before.posted(member)), None)
        if main is None:
            return not self.after.posted(member)
        return main.department not in {place.department for place in self.after.posted(member)}

    def gone(self, member: int, department: int) -> bool:
        """Does the person act for the department no more: present nowhere, or moved out of its
        line?
        """
        if not self.after.posted(member):
            return True
        return self.before.related(member, department) and not self.after.related(
            member, department
        )

    def successor(self, member: int) -> int | None:
        """The one person who newly came into the post that this one held; None when nobody or
        several did.
        """
        main = self.before.main(member)
        if main is None:
            return None
        held = set(self.before.holders(main.department, main.post))
        came = [
            other for other in self.after.holders(main.department, main.post) if other not in held
        ]
        return came[0] if len(came) == 1 else None

    def heir(self, member: int, department: int) -> int | None:
        """Who takes over what the person did for the department: the successor, else its nearest
        manager or executive.
        """
        successor = self.successor(member)
        if successor is not None and self.after.related(successor, department):
            return successor
        for role in SUBTREE:
            for other in self.after.leading(role, department):
                if other != member:
                    return other
        return None


def names_of(municipality: Municipality, members: Iterable[int]) -> dict[int, str]:
    """The names of these people. One query."""
    return dict(
        Member.objects.of(municipality).filter(pk__in=set(members)).values_list("pk", "name")
    )


def department_of(path: str) -> int:
    """The number of the department with this path; 0 for none."""
    parts = path.rstrip("/").split("/")
    return int(parts[-1]) if len(parts) > 1 else 0
