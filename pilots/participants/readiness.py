"""Readiness of a pilot's participants: who was asked, who agreed, and which courses are missing.
Read once for all users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from municipality.core.worded import said
from municipality.organisation.models import Member
from pilots.participants.models import Participant
from pilots.participants.rules import needed_on
from pilots.planning.models import Pilot
from pilots.planning.wording import joined
from training.courses.models import Course
from training.gate.requirements import TrainingRecords, training_records


@dataclass(frozen=True)
class ParticipantsReadiness:
    """Participants of one pilot without those who left, and its lead, with their training, as of a
    day.
    """

    people: list[Participant]
    training: TrainingRecords
    day: date
    lead: Member | None = None

    @cached_property
    def missing(self) -> dict[int, list[Course]]:
        """The courses required on the day that each has not validly completed."""
        return self.training.missing(self.day)

    @cached_property
    def agreed(self) -> list[Participant]:
        """Participants who agreed."""
        return [row for row in self.people if row.state == Participant.State.AGREED]

    @cached_property
    def waiting(self) -> list[Participant]:
        """Participants who have not answered."""
        return [row for row in self.people if row.state == Participant.State.ASKED]

    @cached_property
    def lacking(self) -> list[Participant]:
        """Participants who agreed and lack a required course."""
        return [row for row in self.agreed if self.missing.get(row.member_id)]

    @property
    def lead_lacks(self) -> list[Course]:
        """Required courses that the lead of the pilot lacks."""
        return self.missing.get(self.lead.pk, []) if self.lead else []

    @property
    def groups(self) -> list[int]:
        """Number of people behind each shown number of participants."""
        agreed, lacking = len(self.agreed), len(self.lacking)
        return [agreed, len(self.waiting), lacking, agreed - lacking]

    @cached_property
    def departments(self) -> dict[int, int]:
        """Department of participation, by number of the member who agreed."""
        return {row.member_id: row.department_id for row in self.agreed}


def participants_readiness(pilot: Pilot, today: date) -> ParticipantsReadiness:
    """Answers of the participants, and courses that they and the lead miss on the day on which they
    need them. Three queries.
    """
    people = list(
        pilot.participants.exclude(state=Participant.State.LEFT).select_related(
            "member", "department"
        )
    )
    numbers = [row.member_id for row in people]
    records = training_records([*numbers, pilot.lead_id])
    return ParticipantsReadiness(people, records, needed_on(pilot, today), pilot.lead)


def training_words(
    readiness: ParticipantsReadiness, *, counts: bool = True, lead: bool = True
) -> str:
    """How far lead and participants are with the required courses, without names: 責任者は修了、
    同意した3人のうち2人が修了. Without `counts` no number is told, without `lead` nothing of that person.
    """
    lead_words = _("責任者は未修了") if readiness.lead_lacks else _("責任者は修了")
    parts = [said(lead_words)] if lead else []
    agreed = len(readiness.agreed)
    if agreed and counts:
        done = agreed - len(readiness.lacking)
        parts.append(said(_("同意した%(all)s人のうち%(done)s人が修了"), all=agreed, done=done))
    return joined(parts)
