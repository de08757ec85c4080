"""What a member may do on a day: the roles carried by their postings, and how far each reaches. One
query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Exists, F, Q

from municipality.organisation.models.departments import after
from municipality.organisation.models.postings import Grant, Posting

if TYPE_CHECKING:
    from municipality.organisation.models.people import DutyQuerySet, Member

WHOLE_BODY = {"office", "hr", "auditor", "consultant"}

SUBTREE = ("manager", "executive")
"""Roles held for a department and what lies below it, the nearer one first; the others are held for
the whole body.
"""


@dataclass
class Authority:
    """Roles with the paths they were given at, of one member on one day.

    Office, HR, auditor and consultant reach the whole body; manager and executive their posting's
    department and below; staff reach the department they are posted in only for what concerns
    themselves (see `reach`).
    """

    member: Member
    day: date
    grants: list[tuple[str, str]]
    posts: list[tuple[int, int]]
    home_paths: list[str] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    """The postings held, with department and post; one acts from the first."""
    is_clerk: bool = False
    """Whether the member is 庶務担当 of some department."""

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere in the body."""
        return frozenset(role for role, _path in self.grants)

    is_office = property(lambda self: "office" in self.roles)
    is_hr = property(lambda self: "hr" in self.roles)
    is_auditor = property(lambda self: "auditor" in self.roles)
    is_consultant = property(lambda self: "consultant" in self.roles)
    is_manager = property(lambda self: "manager" in self.roles)
    is_executive = property(lambda self: "executive" in self.roles)

    def has(self, role: str, path: str) -> bool:
        """Is the role held for the department with this path?"""
        if role in WHOLE_BODY:
            return role in self.roles
        return any(held == role and path.startswith(at) for held, at in self.grants)

    def clerk_duties(self) -> DutyQuerySet:
        """The duties as 庶務担当 by which the member acts for departments; also part of queries."""
        duties = self.member.duties
        return duties.clerks(self.day) if self.is_clerk else duties.none()

    def is_clerk_of(self, department_id: int) -> bool:
        """Is the member 庶務担当 of this department? No query for who is clerk of none."""
        return self.clerk_duties().filter(department=department_id).exists()

    @cached_property
    def paths(self) -> list[str]:
        """The shortest set of paths that covers everything the member answers for or looks at."""
        if self.roles & WHOLE_BODY:
            return [self.member.municipality.root_path]
        return _shortest([path for role, path in self.grants if role in SUBTREE])

    def reach(self, field_name: str) -> Q:
        """Rows whose department path is in reach; one's own departments are always among them
        (exactly, not below).
        """
        return Q(**{f"{field_name}__in": self.home_paths}) | self.by_role(field_name)

    def by_role(self, field_name: str) -> Q:
        """Rows whose department path is reached by a role. A post as staff, main or second, reaches
        nobody beside oneself.
        """
        return _below(field_name, self.paths)

    def reaches_people(self, field_name: str) -> Q:
        """Rows whose department path is reached by a role that sees persons: experts from outside
        and auditors look at departments, and at nobody in them.
        """
        if self.is_office or self.is_hr:
            return _below(field_name, [self.member.municipality.root_path])
        return self.led(field_name)

    def led(self, field_name: str, *roles: str) -> Q:
        """Rows whose department path one leads as manager or executive (or only in the `roles`
        named); no other role counts.
        """
        return _below(
            field_name, [path for role, path in self.grants if role in (roles or SUBTREE)]
        )

    def oversees(self, field_name: str) -> Q:
        """Rows whose department one answers for: as manager or executive, or the whole body for
        office and auditor.
        """
        if self.is_office or self.is_auditor:
            return _below(field_name, [self.member.municipality.root_path])
        return self.led(field_name)

    @cached_property
    def answers_for(self) -> Q:
        """Departments (by `d_path`) whose nearest manager the member is: a manager below takes what
        is below. One query.
        """
        mine = _shortest([path for role, path in self.grants if role == "manager"])
        if not mine:
            return Q(pk__in=[])
        wanted = _below("d_path", mine)
        held = {path for role, path in self.grants if role == "manager"}
        for nearer in manager_paths(self.member.municipality_id, self.day):
            if nearer not in held and any(nearer.startswith(path) for path in mine):
                wanted &= ~Q(d_path__gte=nearer, d_path__lt=after(nearer))
        return wanted

    def holds(self, department_field: str, post_field: str) -> Q:
        """Rows that name a post which the member holds today."""
        wanted = Q(pk__in=[])
        for department, post in self.posts:
            wanted |= Q(**{department_field: department, post_field: post})
        return wanted

    def holds_post(self, department_id: int, post_id: int) -> bool:
        """Does the member hold this post in this department today?"""
        return (department_id, post_id) in self.posts


def _below(field_name: str, paths: list[str]) -> Q:
    """Rows whose path is one of these or below one."""
    wanted = Q(pk__in=[])
    for path in _shortest(paths):
        wanted |= Q(**{f"{field_name}__gte": path, f"{field_name}__lt": after(path)})
    return wanted


def _shortest(paths: list[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def authority_on(member: Member, day: date) -> Authority:
    """The member's authority on that day. Someone on leave or seconded away, or cut off, has none.
    One query.
    """
    clerk = member.duties.clerks(day)
    rows = (
        Posting.objects.present(day)
        .filter(member=member)
        .acting_first()
        .select_related("department", "post")
        .annotate(role=F("grants__role"), is_clerk=Exists(clerk))
    )
    postings = {posting.pk: posting for posting in rows}.values()
    return Authority(
        member,
        day,
        sorted({(row.role, row.department.path) for row in rows if row.role}),
        sorted({(row.department_id, row.post_id) for row in postings}),
        sorted({row.department.path for row in postings}),
        list(postings),
        any(row.is_clerk for row in postings),
    )


def manager_paths(municipality, day: date) -> list[str]:
    """Paths of the departments that have a manager of their own on that day."""
    rows = Grant.objects.on(day).filter(municipality=municipality, role="manager")
    return sorted(set(rows.values_list("posting__department__path", flat=True)))
