"""The tables of what is planned: a pilot, and the expansion that it can lead to, since each names
the other.
"""

from .expansions import (
    Expansion,
    ExpansionDepartment,
    ExpansionDepartmentQuerySet,
    ExpansionQuerySet,
)
from .pilots import (
    ALONE_IN_ITS_DEPARTMENTS,
    Face,
    Method,
    Pilot,
    PilotDepartment,
    PilotKind,
    PilotPartQuerySet,
    PilotQuerySet,
    SuccessCriterion,
    end_day_of,
    first_day_of,
    led_by,
    subjects_decided_by,
)

__all__ = [
    "ALONE_IN_ITS_DEPARTMENTS",
    "Expansion",
    "ExpansionDepartment",
    "ExpansionDepartmentQuerySet",
    "ExpansionQuerySet",
    "Face",
    "Method",
    "Pilot",
    "PilotDepartment",
    "PilotKind",
    "PilotPartQuerySet",
    "PilotQuerySet",
    "SuccessCriterion",
    "end_day_of",
    "first_day_of",
    "led_by",
    "subjects_decided_by",
]
