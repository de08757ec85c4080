"""Who may see and change people, and who leads a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.core.small_cells import Gate

if TYPE_CHECKING:
    from municipality.organisation.models import Department, Member

NOT_OFFICE = Refusal(_("事務局の人だけが行えます。"))

NOT_NAMES = Refusal(_("氏名は表示されません。"))

WITH_SMALL_COUNTS = {"office", "hr", "manager", "executive"}

NOT_HERE = Refusal(_("この部署の所属長か、事務局の人だけが行えます。"))


def is_office(member: Member, obj: object = None) -> Answer:
    """The project office of the body."""
    return True if member.authority.is_office else NOT_OFFICE


def may_see_people(member: Member, obj: object = None) -> Answer:
    """The list of people is for those who answer for some: not for staff and consultants."""
    authority = member.authority
    if authority.is_office or authority.is_hr or authority.is_manager or authority.is_executive:
        return True
    return Refusal(_("職員の一覧は、事務局・人事・所属長の人だけが見られます。"))


def may_see_names(member: Member, obj: object = None) -> Answer:
    """Names of those who head, lead or write something are known to all who work here; external
    experts and auditors see posts, not persons.
    """
    return True if member.authority.roles - {"consultant", "auditor"} else NOT_NAMES


def may_see_small_counts(member: Member) -> bool:
    """Numbers that stand for few people are for those who answer for people."""
    return bool(member.authority.roles & WITH_SMALL_COUNTS)


def gate_of(member: Member) -> Gate:
    """What the member may be told of few people: everything, or nothing under the body's least
    number, on pages, in files and in frozen content alike.
    """
    return Gate() if may_see_small_counts(member) else Gate(member.municipality.small_cell)


def may_see_member(member: Member, person: Member) -> Answer:
    """What is known of a person: for themselves, and for those who answer for people."""
    return True if person.pk == member.pk else may_see_people(member)


def may_change_member(member: Member, person: Member | None = None) -> Answer:
    """Name and addresses of a person are kept by the office of their own body."""
    if person is not None and person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)


def leads(member: Member, department: Department) -> Answer:
    """The manager of the department (or of one above it), or the office."""
    if member.authority.is_office:
        return True
    if member.authority.has("manager", department.path):
        return True
    return NOT_HERE
