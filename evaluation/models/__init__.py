"""The tables of judging: goals of people, talks between two, and reviews of what all stages did."""

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote, Promise
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.reviews.models import Remark, Review, ReviewFigure, ReviewRevision

__all__ = [
    "Action",
    "ActionEntry",
    "ActionInReview",
    "EvaluationPeriod",
    "Goal",
    "Indicator",
    "OneOnOne",
    "Pair",
    "PrivateNote",
    "Promise",
    "Remark",
    "Review",
    "ReviewFigure",
    "ReviewRevision",
    "Sheet",
]
