"""The tables of judging: goals of people, talks between two, and reviews of what all stages did."""

from .one_on_ones import OneOnOne, Pair, PrivateNote, Promise
from .reviews import Action, Indicator, Remark, Review, ReviewFigure
from .sheets import EvaluationPeriod, Goal, Sheet

__all__ = [
    "Action", "EvaluationPeriod", "Goal", "Indicator", "OneOnOne", "Pair", "PrivateNote", "Promise", "Remark", "Review",
    "ReviewFigure", "Sheet",
]  # fmt: skip
