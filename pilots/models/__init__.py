"""The tables of the pilots, by subject."""

from pilots.days.models import DAY_MINUTES, NoTelework, Usage, UsageMonth, UsageSetting
from pilots.participants.models import LeadCourse, Participant, ParticipantCourse
from pilots.planning.models import (
    Expansion,
    ExpansionDepartment,
    Method,
    Pilot,
    PilotDepartment,
    PilotKind,
    SuccessCriterion,
)
from pilots.results.models import PilotResult

__all__ = [
    "DAY_MINUTES",
    "Expansion",
    "ExpansionDepartment",
    "LeadCourse",
    "Method",
    "NoTelework",
    "Participant",
    "ParticipantCourse",
    "Pilot",
    "PilotDepartment",
    "PilotKind",
    "PilotResult",
    "SuccessCriterion",
    "Usage",
    "UsageMonth",
    "UsageSetting",
]
