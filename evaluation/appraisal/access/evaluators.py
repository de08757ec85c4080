"""Who evaluates whom: the nearest manager above, resolved by posting on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from evaluation.appraisal.access.reach import LEADING, led_departments, main_postings
from municipality.organisation.models import Department, Grant, Member, Municipality, Posting
from municipality.organisation.staff_on import Roster

OUTSIDERS = {"consultant", "auditor"}


@dataclass(frozen=True)
class Leader:
    """Somebody who leads a department: as manager or executive, with the rank of the post (1 is the
    highest).
    """

    member_id: int
    rank: int
    is_main: bool


class Lines:
    """The lines of a body on a day: who leads which department. One query; then everything is
    answered in memory.
    """

    def __init__(
        self, municipality: Municipality | str | None = None, day: date | None = None
    ) -> None:
        self.leaders: dict[tuple[str, str], list[Leader]] = defaultdict(list)
        self.led: dict[int, set[str]] = defaultdict(set)
        if day is None:
            return
        grants = Grant.objects.on(day).filter(municipality=municipality, role__in=LEADING)
        rows = grants.values_list(
            "role",
            "posting__department__path",
            "posting__member",
            "posting__post__rank",
            "posting__kind",
        )
        for role, path, member_id, rank, kind in rows.order_by("posting__member"):
            self.leaders[role, path].append(Leader(member_id, rank, kind == Posting.Kind.MAIN))
            self.led[member_id].add(path)

    @classmethod
    def of(cls, roster: Roster) -> Lines:
        """The lines as a roster has them. No query."""
        lines = cls()
        for place in sorted(roster.places, key=lambda place: place.member):
            for role in LEADING:
                if place.is_present and role in place.roles:
                    path = roster.path(place.department)
                    leader = Leader(place.member, roster.ranks.get(place.post, 0), place.is_main)
                    lines.leaders[role, path].append(leader)
                    lines.led[place.member].add(path)
        return lines

    def evaluator_of(self, member_id: int, path: str) -> int | None:
        """The nearest manager above somebody who works in the department with this path; None when
        nobody is above.

        Who leads a department is evaluated by the next above it. Above the last manager stand the
        executives: the one nearest in rank first (副町長 before 町長). Nobody evaluates themselves.
        """
        start = path
        for led in sorted(self.led.get(member_id, ()), key=len):
            if path.startswith(led):
                start = parent_path(led)
                break
        return self._nearest("manager", start, member_id) or self._nearest(
            "executive", start, member_id
        )

    def _nearest(self, role: str, path: str, member_id: int) -> int | None:
        while path:
            found = [
                leader
                for leader in self.leaders.get((role, path), ())
                if leader.member_id != member_id
            ]
            if found:
                highest_first = 1 if role == "manager" else -1
                return min(
                    found,
                    key=lambda leader: (
                        highest_first * leader.rank,
                        not leader.is_main,
                        leader.member_id,
                    ),
                ).member_id
            path = parent_path(path)
        return None


def parent_path(path: str) -> str:
    """The path of the department above; empty above the body itself."""
    above = path[: path.rstrip("/").rfind("/") + 1]
    return above if above.count("/") > 1 else ""


def staff_on(municipality: Municipality | str, day: date) -> dict[int, tuple[int, str]]:
    """Everybody who works in the body on the day, with the department of the main posting: {member:
    (department, path)}.

    Consultants and auditors from outside are no staff; people on leave or seconded away set no
    goals. One query.
    """
    present = main_postings(day).filter(
        municipality=municipality, status=Posting.Status.PRESENT, member__is_active=True
    )
    inside = present.filter(~Q(grants__role__in=OUTSIDERS)).distinct()
    return {member: (department, path) for member, department, path in _places(inside)}


def places_of(members: Iterable[int], day: date) -> dict[int, tuple[int, str]]:
    """The department of the main posting of these people on the day. One query."""
    return {
        member: (department, path)
        for member, department, path in _places(main_postings(day).filter(member__in=members))
    }


def _places(postings) -> list[tuple[int, int, str]]:
    return list(
        postings.order_by("starts_on").values_list("member", "department", "department__path")
    )


def leads_member(by: Member, member_id: int) -> bool:
    """Does `by` lead, on the day of their authority, the department in which the person mainly
    works?
    """
    place = places_of([member_id], by.authority.day).get(member_id)
    return place is not None and any(by.authority.has(role, place[1]) for role in LEADING)


def departments_overseen(member: Member):
    """Departments of which the member may know numbers and that talks were held: all for HR and
    office, else those led.

    A department in which one is posted without leading it is not among them.
    """
    departments = Department.objects.of(member.municipality_id)
    if member.authority.is_hr or member.authority.is_office:
        return departments
    return departments.filter(led_departments(member, "path"))


def people_led_by(member: Member):
    """The people who mainly work in the departments that the member leads today, without the
    member.
    """
    led = main_postings(member.authority.day).filter(led_departments(member, "department__path"))
    return (
        Member.objects.of(member.municipality_id)
        .filter(pk__in=led.values("member"), is_active=True)
        .exclude(pk=member.pk)
    )
