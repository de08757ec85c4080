"""The tables of PDCA: reviews with what was frozen of them, and what is to be improved."""

from evaluation.pdca.reviews.models.actions import Action, ActionEntry, ActionInReview
from evaluation.pdca.reviews.models.reviews import Remark, Review, ReviewFigure, ReviewRevision

__all__ = [
    "Action",
    "ActionEntry",
    "ActionInReview",
    "Remark",
    "Review",
    "ReviewFigure",
    "ReviewRevision",
]
