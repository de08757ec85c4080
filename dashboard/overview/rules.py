"""Who sees which of the pages that show several stages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member

LOOKING = {"office", "manager", "executive", "hr", "consultant", "auditor"}


def may_see_dashboard(member: Member, obj: object = None) -> Answer:
    """Everybody who answers for others or advises them; not staff alone."""
    if member.authority.roles & LOOKING:
        return True
    return Refusal(
        _("状況一覧は、所属長・決裁者・事務局・人事・監査・外部専門家の人だけが見られます。")
    )
