"""Rules: working in the body, leading people, and seeing numbers of other people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member

OUTSIDE = frozenset({"consultant", "auditor"})


def works_here(member: Member, obj: object = None) -> Answer:
    """Everybody who works in the body, but nobody from outside."""
    if member.authority.roles - OUTSIDE:
        return True
    return Refusal(_("この団体の職員だけが使えます。"))


def may_see_numbers(member: Member, obj: object = None) -> Answer:
    """HR, the office, and leaders of departments may see how many sheets are agreed, by department
    and without names.
    """
    authority = member.authority
    if authority.is_hr or authority.is_office or authority.is_manager or authority.is_executive:
        return True
    return Refusal(_("人事・事務局・所属長の人だけが見られます。"))


def leads_people(member: Member, obj: object = None) -> Answer:
    """Managers and executives may hold 1on1 with their people."""
    if member.authority.is_manager or member.authority.is_executive:
        return True
    return Refusal(_("所属長だけが1on1を始められます。"))
