"""Who holds a role or a post for a department on a day."""

from __future__ import annotations

from datetime import date

from municipality.organisation.models import Department, Grant, Member, Posting


def holders(role: str, path: str, day: date):
    """Active members who hold the role for the department with this path, on that day."""
    return Member.objects.filter(
        pk__in=Grant.objects.on(day).for_path(role, path).values("posting__member")
    )


def role_holders(role: str, municipality, day: date):
    """Active members of a body who hold the role in any of its departments, on that day."""
    held = Grant.objects.on(day).filter(municipality=municipality, role=role)
    return Member.objects.filter(pk__in=held.values("posting__member"), is_active=True)


def nearest_holders(role: str, path: str, day: date) -> list[Member]:
    """Those who hold the role nearest to the department: in it, else in the next department above
    that has any.
    """
    rows = (
        Grant.objects.on(day)
        .for_path(role, path)
        .select_related("posting__member", "posting__department")
    )
    found = sorted(rows, key=lambda grant: -len(grant.posting.department.path))
    if not found:
        return []
    depth = len(found[0].posting.department.path)
    return list(
        {grant.posting.member for grant in found if len(grant.posting.department.path) == depth}
    )


def post_holders(department_id: int, post_id: int, day: date):
    """Members who hold this post in this department on that day."""
    held = Posting.objects.on(day).filter(
        department=department_id, post=post_id, status=Posting.Status.PRESENT
    )
    return Member.objects.filter(pk__in=held.values("member"), is_active=True)


def departments_of(member: Member, day: date) -> list[str]:
    """The paths of the departments in which the member has a posting on that day."""
    return list(
        Posting.objects.on(day).filter(member=member.pk).values_list("department__path", flat=True)
    )


def is_only_office(member: Member, day: date) -> bool:
    """Is the member of the project office, and nobody else with them?"""
    held = Grant.objects.on(day).filter(municipality=member.municipality_id, role="office")
    return set(held.values_list("posting__member", flat=True)) == {member.pk}


def main_department(member: Member, day: date) -> Department | None:
    """The department of the member's main posting on that day."""
    held = (
        Posting.objects.on(day)
        .filter(member=member, kind=Posting.Kind.MAIN)
        .select_related("department")
        .first()
    )
    return held.department if held else None
