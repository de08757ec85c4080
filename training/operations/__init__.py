"""What changes in training."""

from .assigning import assign_course, cancel_assignment
from .completing import complete_course, expiry_of, record_completion
from .courses import add_starter_courses, create_course, update_course

__all__ = [
    "add_starter_courses", "assign_course", "cancel_assignment", "complete_course", "create_course", "expiry_of",
    "record_completion", "update_course",
]  # fmt: skip
