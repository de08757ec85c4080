"""What changes in the preparing stage."""

from .answering import save_answers, submit_assessment
from .reviewing import confirm_assessment, return_assessment, save_review
from .rounds import close_round, open_round

__all__ = [
    "close_round", "confirm_assessment", "open_round", "return_assessment", "save_answers", "save_review", "submit_assessment",
]  # fmt: skip
