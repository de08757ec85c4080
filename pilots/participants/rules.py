"""Rules of participation, and of who sees participants."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.core.small_cells import Gate
from municipality.organisation.models import Member
from municipality.organisation.rules import gate_of
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


def gate_of_pilot(member: Member, pilot: Pilot) -> Gate:
    """What the member may be told of few people in the pilot: everything for those who see its
    participants, or small numbers anywhere.
    """
    return Gate() if may_see_participants(member, pilot) else gate_of(member)


def may_take_part(member: Member, participant: Participant) -> Answer:
    """Only the person may agree or decline."""
    return True if participant.member_id == member.pk else NOT_SELF


def may_remove(member: Member, participant: Participant) -> Answer:
    """Members who run the pilot may remove a participant."""
    return may_run(member, participant.pilot)


def needed_on(pilot: Pilot, today: date) -> date:
    """Day on which the courses have to be valid: the first day of the pilot, while it runs today,
    after its end its last day.
    """
    return max(pilot.starts_on, pilot.last_day(today))
