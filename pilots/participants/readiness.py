"""Readiness of a pilot's participants: who was asked, who agreed, and which courses are missing.
Read once for all users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

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
    """Participants of one pilot and its lead, with their training, as of a day. `rows` are all of
    them with the days on which they take part; a person who left may have several.
    """

    rows: list[Any]
    training: TrainingRecords
    day: date
    lead: Member | None = None

    @cached_property
    def missing(self) -> dict[int, list[Course]]:
        """The courses required on the day that each has not validly completed."""
        return self.training.missing(self.day)

    @cached_property
    def people(self) -> list[Participant]:
        """Participants without those who left."""
        return [row for row in self.rows if row.state != Participant.State.LEFT]

    @cached_property
    def agreed(self) -> list[Participant]:
        """Participants who agreed and did not leave."""
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
    def is_training_required(self) -> bool:
        """Is any course required on the day?"""
        return any(row.holds_on(self.day) for row in self.training.periods)

    @property
    def is_trained(self) -> bool:
        """Has everybody answered, and do those who agreed and the lead lack no course?"""
        return bool(self.agreed) and not (self.waiting or self.lacking or self.lead_lacks)

    @property
    def groups(self) -> list[int]:
        """Number of people behind each shown number of participants."""
        agreed, lacking = len(self.agreed), len(self.lacking)
        return [agreed, len(self.waiting), lacking, agreed - lacking]

    @cached_property
    def departments(self) -> dict[int, int]:
        """Department of participation, by number of the member who takes part now."""
        return {row.member_id: row.department_id for row in self.agreed}

    def counted(self, last: date) -> list[Any]:
        """Whom the pilot counts up to its `last` day, one row for each person: who took part, or
        before its start who agreed.
        """
        rows = [
            row
            for row in self.rows
            if (row.since <= min(row.until, last) if row.since else row in self.agreed)
        ]
        return list({row.member_id: row for row in rows}.values())

    def parted(self, last: date) -> int:
        """How many took part up to the `last` day and do not take part any more."""
        return len({row.member_id for row in self.counted(last)} - set(self.departments))


def participants_readiness(pilot: Pilot, today: date) -> ParticipantsReadiness:
    """Answers of the participants, and courses that they and the lead miss on the day on which they
    need them. Three queries.
    """
    rows = list(pilot.participants.with_days().select_related("member", "department"))
    numbers = [row.member_id for row in rows]
    records = training_records([*numbers, pilot.lead_id])
    return ParticipantsReadiness(rows, records, needed_on(pilot, today), pilot.lead)


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
