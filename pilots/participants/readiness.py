"""Readiness of a pilot's participants: who was asked, who agreed, and which courses are missing.
Read once for all users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from training.courses.models import Course
from training.gate.requirements import TrainingRecords, training_records


@dataclass(frozen=True)
class ParticipantsReadiness:
    """Participants of one pilot without those who left, with their training, as of a day."""

    people: list[Participant]
    training: TrainingRecords
    day: date

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
    def groups(self) -> list[int]:
        """Number of people behind each shown number of participants."""
        agreed, lacking = len(self.agreed), len(self.lacking)
        return [agreed, len(self.waiting), lacking, agreed - lacking]

    @cached_property
    def departments(self) -> dict[int, int]:
        """Department of participation, by number of the member who agreed."""
        return {row.member_id: row.department_id for row in self.agreed}


def participants_readiness(pilot: Pilot, today: date) -> ParticipantsReadiness:
    """Answers and missing courses of the participants on that day. Three queries."""
    people = list(
        pilot.participants.exclude(state=Participant.State.LEFT).select_related(
            "member", "department"
        )
    )
    return ParticipantsReadiness(people, training_records(row.member_id for row in people), today)
