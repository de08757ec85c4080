"""The tables of readiness (準備度): criteria, rounds, and answers."""

from .assessments import Answer, Assessment, Round
from .criteria import TOP_LEVEL, Axis, Criterion, CriterionWording

__all__ = ["TOP_LEVEL", "Answer", "Assessment", "Axis", "Criterion", "CriterionWording", "Round"]
