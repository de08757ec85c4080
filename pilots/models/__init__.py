"""The tables of the pilots, by subject."""

from pilots.days.models import DAY_MINUTES, Usage
from pilots.expansion.models import Expansion, ExpansionDepartment
from pilots.participants.models import Participant
from pilots.planning.models import Kind, Method, Pilot, PilotDepartment, SuccessCriterion

__all__ = [
    "DAY_MINUTES",
    "Expansion",
    "ExpansionDepartment",
    "Kind",
    "Method",
    "Participant",
    "Pilot",
    "PilotDepartment",
    "SuccessCriterion",
    "Usage",
]
