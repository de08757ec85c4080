"""How the people of a pilot stand: who was asked, who agreed, who lacks which course. Read once,
used by all who ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pilots.participants.models import Participant
from pilots.planning.models import Pilot
from training.courses.models import Course
from training.gate.requirements import missing_courses


@dataclass(frozen=True)
class ParticipantsReadiness:
    """Participants of one pilot without those who left, and the required courses that each has not
    validly completed.
    """

    people: list[Participant]
    missing: dict[int, list[Course]]

    @cached_property
    def agreed(self) -> list[Participant]:
        """Those who said yes."""
        return [row for row in self.people if row.state == Participant.State.AGREED]

    @cached_property
    def waiting(self) -> list[Participant]:
        """Those who have not answered."""
        return [row for row in self.people if row.state == Participant.State.ASKED]

    @cached_property
    def lacking(self) -> list[Participant]:
        """Those who agreed and lack a required course."""
        return [row for row in self.agreed if self.missing.get(row.member_id)]

    @property
    def groups(self) -> list[int]:
        """How many people each number tells of that is shown of the participants."""
        agreed, lacking = len(self.agreed), len(self.lacking)
        return [agreed, len(self.waiting), lacking, agreed - lacking]

    @cached_property
    def departments(self) -> dict[int, int]:
        """By number of the member who agreed, the department they take part from."""
        return {row.member_id: row.department_id for row in self.agreed}


def standing(pilot: Pilot, today: date) -> ParticipantsReadiness:
    """How the people of the pilot stand on that day. Three queries."""
    people = list(
        pilot.participants.exclude(state=Participant.State.LEFT).select_related(
            "member", "department"
        )
    )
    return ParticipantsReadiness(people, missing_courses([row.member_id for row in people], today))
