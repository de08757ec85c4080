"""The tables of the pilots, by subject."""

from pilots.days.models import DAY_MINUTES, NoTelework, Usage, UsageMonth
from pilots.expansion.models import Expansion, ExpansionDepartment
from pilots.participants.models import Participant, ParticipantCourse
from pilots.planning.models import Method, Pilot, PilotDepartment, PilotKind, SuccessCriterion

__all__ = [
    "DAY_MINUTES",
    "Expansion",
    "ExpansionDepartment",
    "Method",
    "NoTelework",
    "Participant",
    "ParticipantCourse",
    "Pilot",
    "PilotDepartment",
    "PilotKind",
    "SuccessCriterion",
    "Usage",
    "UsageMonth",
]
