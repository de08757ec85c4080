"""The tables of the pilots, by subject."""

from .expansion import Expansion, ExpansionDepartment
from .participant import Participant
from .pilot import Kind, Method, Pilot, PilotDepartment, SuccessCriterion
from .usage import DAY_MINUTES, Usage

__all__ = [
    "DAY_MINUTES", "Expansion", "ExpansionDepartment", "Kind", "Method", "Participant", "Pilot", "PilotDepartment",
    "SuccessCriterion", "Usage",
]  # fmt: skip
