"""Who may see the log, and who proposes and approves a disposal of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from municipality.organisation.models import Member
    from municipality.records.models import Disposal
from municipality.core.refusals import Answer, Refusal
from municipality.organisation.rules import is_office


def may_see_log(member: Member, obj: object = None) -> Answer:
    """Auditors and the office may see the access log."""
    if member.authority.is_auditor or member.authority.is_office:
        return True
    return Refusal(_("アクセスログは、監査・事務局の人だけが見られます。"))


def may_propose_disposal(member: Member, obj: object = None) -> Answer:
    """The office may propose a disposal."""
    return is_office(member)


def may_approve_disposal(member: Member, disposal: Disposal) -> Answer:
    """A second person may approve: an auditor who did not propose it."""
    if not member.authority.is_auditor:
        return Refusal(_("記録の廃棄は、監査の人だけが承認できます。"))
    if disposal.proposed_by_id == member.pk:
        return Refusal(_("自分が申し出たものは承認できません。"))
    return True
