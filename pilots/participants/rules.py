"""Rules of participation, and of who sees participants."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_small_counts
from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from pilots.planning.rules import may_run

NOT_SELF = Refusal(_("参加への同意は、本人だけが行えます。"))

NOT_PEOPLE = Refusal(
    _("参加者の氏名は、試行の責任者、対象部署の所属長・決裁者、人事、事務局の人だけが見られます。")
)


def may_see_participants(member: Member, pilot: Pilot) -> Answer:
    """Members who run the pilot, HR, and executives above its departments may see names."""
    if may_run(member, pilot) or member.authority.is_hr:
        return True
    if any(member.authority.has("executive", department.path) for department in pilot.places):
        return True
    return NOT_PEOPLE


def may_see_counts(member: Member, pilot: Pilot) -> bool:
    """Members who see its participants, or small numbers anywhere, may see small numbers of the
    pilot.
    """
    return may_see_small_counts(member) or bool(may_see_participants(member, pilot))


def may_take_part(member: Member, participant: Participant) -> Answer:
    """Only the person may agree or decline."""
    return True if participant.member_id == member.pk else NOT_SELF


def may_remove(member: Member, participant: Participant) -> Answer:
    """Members who run the pilot may remove a participant."""
    return may_run(member, participant.pilot)
