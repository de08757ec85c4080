"""Who leads a department on a day: one order of precedence, one rule for absence, one walk up the
tree.

`Leadership` answers from plain rows, so that the stored postings, the preview of a transfer and the
reminders of a whole body get the same answer. The order: main postings before concurrent ones, then
the higher post, then who has held it longer, then the lower number of the person. Who is on leave,
seconded away or cut off leads nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from municipality.organisation.models import SUBTREE, Department, Grant, Member, Posting


class RoleHolding(NamedTuple):
    """A posting that carries a role: where and who, and what decides between several.

    `rank` is that of the post, 1 the highest; `since` is the posting's first day.
    """

    role: str
    path: str
    member: int
    rank: int
    is_main: bool
    since: date


def precedence(holding: RoleHolding) -> tuple[bool, int, date, int]:
    """The sort key of those who lead the same department."""
    return not holding.is_main, holding.rank, holding.since, holding.member


PRECEDENCE = ("-posting__kind", "posting__post__rank", "posting__starts_on", "posting__member")
"""The same order for a query of grants."""


class Leadership:
    """Who holds which role where, on one day. `holdings` are those of people present only."""

    def __init__(self, holdings: Iterable[RoleHolding]) -> None:
        self._at: dict[tuple[str, str], list[RoleHolding]] = defaultdict(list)
        self._of_role: dict[str, list[RoleHolding]] = defaultdict(list)
        self._led: dict[int, set[str]] = defaultdict(set)
        for holding in sorted(holdings, key=precedence):
            self._at[holding.role, holding.path].append(holding)
            self._of_role[holding.role].append(holding)
            if holding.role in SUBTREE:
                self._led[holding.member].add(holding.path)

    def nearest(self, role: str, path: str) -> list[int]:
        """Who holds the role in the department, else in the next one above that has anybody.

        A role of the whole body has its holders wherever they are posted.
        """
        return list(dict.fromkeys(holding.member for holding in self.nearest_rows(role, path)))

    def nearest_rows(
        self, role: str, path: str, *, without: int | None = None
    ) -> list[RoleHolding]:
        """The postings of those that `nearest` names; the person `without` is passed over."""
        if role not in SUBTREE:
            return [row for row in self._of_role.get(role, ()) if row.member != without]
        for at in paths_up(path):
            if rows := [row for row in self._at.get((role, at), ()) if row.member != without]:
                return rows
        return []

    def led_paths(self, member: int) -> list[str]:
        """The departments that the person leads as manager or executive, the highest first."""
        return sorted(self._led.get(member, ()), key=lambda path: (len(path), path))

    def leads(self, member: int, path: str) -> bool:
        """Does the person lead the department or one above it?"""
        return any(path.startswith(led) for led in self._led.get(member, ()))

    def has_leader(self, path: str) -> bool:
        """Has the department itself a manager or executive?"""
        return any((role, path) in self._at for role in SUBTREE)


def parent_path(path: str) -> str:
    """The path of the department above; empty above the body itself."""
    above = path[: path.rstrip("/").rfind("/") + 1]
    return above if above.count("/") > 1 else ""


def paths_up(path: str) -> Iterator[str]:
    """The path of the department and those of the ones above it, the body's last."""
    while path:
        yield path
        path = parent_path(path)


def leadership_on(
    municipality: Any,
    day: date,
    *,
    roles: Collection[str] | None = None,
    paths: Collection[str] | None = None,
) -> Leadership:
    """Who leads where in the body on the day. One query.

    With `roles` and `paths` only those roles of the whole body are read, and who leads one of these
    departments.
    """
    grants = Grant.objects.on(day).filter(municipality=municipality)
    if roles is not None and paths is not None:
        grants = grants.filter(
            Q(role__in=set(roles).difference(SUBTREE))
            | Q(role__in=SUBTREE, posting__department__path__in=paths)
        )
    return Leadership(_holdings(grants))


def _holdings(grants) -> list[RoleHolding]:
    rows = grants.order_by().values_list(
        "role",
        "posting__department__path",
        "posting__member",
        "posting__post__rank",
        "posting__kind",
        "posting__starts_on",
    )
    return [
        RoleHolding(role, path, member, rank, kind == Posting.Kind.MAIN, since)
        for role, path, member, rank, kind, since in rows
    ]


def nearest_holders(role: str, path: str, day: date) -> list[Member]:
    """Managers or executives nearest to the department, in the order of precedence. One query."""
    grants = Grant.objects.on(day).for_path(role, path)
    people, holdings = {}, []
    for grant in grants.select_related("posting__member", "posting__department", "posting__post"):
        held = grant.posting
        people[held.member_id] = held.member
        holdings.append(
            RoleHolding(
                role,
                held.department.path,
                held.member_id,
                held.post.rank,
                held.kind == Posting.Kind.MAIN,
                held.starts_on,
            )
        )
    return [people[number] for number in Leadership(holdings).nearest(role, path)]


def leading_postings(
    role: str, departments: Collection[Department], day: date
) -> dict[int, Posting]:
    """By department, the posting that leads it: its own only, none of those above. One query."""
    grants = Grant.objects.on(day).filter(role=role, posting__department__in=departments)
    rows = grants.order_by(*PRECEDENCE).select_related("posting__department", "posting__post")
    leading: dict[int, Posting] = {}
    for grant in rows:
        leading.setdefault(grant.posting.department_id, grant.posting)
    return leading


def role_holders(role: str, municipality: Any, day: date):
    """Active members of a body who hold the role in any of its departments, on that day."""
    held = Grant.objects.on(day).filter(municipality=municipality, role=role)
    return Member.objects.filter(pk__in=held.values("posting__member"), is_active=True)


def post_holders(department_id: int, post_id: int, day: date):
    """Members who hold this post in this department on that day."""
    held = Posting.objects.present(day).filter(department=department_id, post=post_id)
    return Member.objects.filter(pk__in=held.values("member"))


def department_paths_of(member: Member, day: date) -> list[str]:
    """The paths of the departments in which the member has a posting on that day."""
    return list(
        Posting.objects.on(day).filter(member=member.pk).values_list("department__path", flat=True)
    )


def is_only_office(member: Member, day: date) -> bool:
    """Is the member of the project office, and nobody else with them?"""
    held = Grant.objects.on(day).filter(municipality=member.municipality_id, role="office")
    return set(held.values_list("posting__member", flat=True)) == {member.pk}


def acting_posting(member: Member, day: date) -> Posting | None:
    """The posting from which the member drafts, seals and speaks on that day, with its department
    and post; of several the first by `acting_first`. None for who is not there. One query.
    """
    held = Posting.objects.present(day).filter(member=member)
    return held.acting_first().select_related("department", "post").first()


def main_department(member: Member, day: date) -> Department | None:
    """The department that counts the member on that day: that of the main posting. None for who is
    on leave or seconded away.
    """
    held = Posting.objects.in_service(day).filter(member=member, kind=Posting.Kind.MAIN)
    posting = held.select_related("department").order_by("starts_on").first()
    return posting.department if posting else None
