"""People whose training a member may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from municipality.organisation.models import Member, Posting


def sees_people(member: Member) -> bool:
    """Whether the member is responsible for other people's training: office, HR, or manager."""
    authority = member.authority
    return authority.is_office or authority.is_hr or authority.is_manager


def own_people(member: Member) -> QuerySet:
    """Numbers of the members whose training the member is responsible for: the whole body for
    office and HR, the departments of a manager.
    """
    authority = member.authority
    posted = Posting.objects.on(authority.day).filter(municipality_id=member.municipality_id)
    return posted.filter(_departments(member)).values("member")


def _departments(member: Member) -> Q:
    authority = member.authority
    if authority.is_office or authority.is_hr:
        return Q()
    return authority.led("department__path", "manager")
