"""The tables of PDCA: reviews with what was frozen of them, and what is to be improved."""

from evaluation.pdca.reviews.models.actions import (
    Action,
    ActionEntry,
    ActionInReview,
    ActionQuerySet,
)
from evaluation.pdca.reviews.models.reviews import (
    Remark,
    Review,
    ReviewFigure,
    ReviewQuerySet,
    ReviewRevision,
    details_of,
)

__all__ = [
    "Action",
    "ActionEntry",
    "ActionInReview",
    "ActionQuerySet",
    "Remark",
    "Review",
    "ReviewFigure",
    "ReviewQuerySet",
    "ReviewRevision",
    "details_of",
]
