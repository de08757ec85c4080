"""The tables of the preparing stage, by subject."""

from rollout.readiness.models import (
    Answer,
    Assessment,
    Axis,
    BlockerException,
    Criterion,
    ExceptionPost,
    ExceptionRequest,
    Reexamination,
    Round,
)

__all__ = [
    "Answer",
    "Assessment",
    "Axis",
    "BlockerException",
    "Criterion",
    "ExceptionPost",
    "ExceptionRequest",
    "Reexamination",
    "Round",
]
