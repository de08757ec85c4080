"""Who may invite people, and who asks for and answers a renewal of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.leadership import department_paths_of, is_only_office
from municipality.organisation.models import SUBTREE
from municipality.organisation.rules import NOT_OFFICE, is_office

if TYPE_CHECKING:
    from municipality.accounts.models import Renewal
    from municipality.organisation.models import Member


def may_invite(member: Member, person: Member | None = None) -> Answer:
    """The office invites people of its own body, prints their slips and resets a lost sign-in."""
    if person is not None and person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)


def is_above(member: Member, person: Member) -> bool:
    """Whether the member leads the person today: as manager or executive of one of the person's
    departments, or above it.
    """
    paths = department_paths_of(person, member.authority.day)
    return any(member.authority.has(role, path) for role in SUBTREE for path in paths)


def may_ask_renewal(member: Member, person: Member) -> Answer:
    """The office may request a reset, but not its own; for the only member of the office, their
    leader may.
    """
    if person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    if person.pk == member.pk:
        return Refusal(_("自分のやり直しは、自分では申し込めません。ほかの人に頼んでください。"))
    if member.authority.is_office or (
        is_above(member, person) and is_only_office(person, member.authority.day)
    ):
        return True
    return NOT_OFFICE


def may_see_renewal(member: Member, renewal: Renewal) -> Answer:
    """The office, and who leads the person."""
    if member.authority.is_office or is_above(member, renewal.member):
        return True
    return Refusal(_("この人の所属長か、事務局の人だけが行えます。"))


def may_answer_renewal(member: Member, renewal: Renewal) -> Answer:
    """A second person may answer: neither the one who requested, nor the person concerned."""
    if member.pk == renewal.member_id:
        return Refusal(_("自分のやり直しは、自分では確認できません。"))
    if member.pk == renewal.asked_by_id:
        return Refusal(_("申し込んだ人とは別の人が確認します。"))
    return may_see_renewal(member, renewal)
