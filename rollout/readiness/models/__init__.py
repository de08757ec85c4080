"""The tables of readiness (準備度): what is asked, the rounds in which it is asked, the answers, and
what was passed over or looked at again.
"""

from .answers import Answer
from .assessments import Assessment, Round
from .criteria import TOP_LEVEL, Axis, Criterion, CriterionWording
from .exception_requests import ExceptionRequest
from .exceptions import BlockerException, ExceptionPost, grantors, grants_exceptions
from .reexaminations import Reexamination

__all__ = [
    "TOP_LEVEL",
    "Answer",
    "Assessment",
    "Axis",
    "BlockerException",
    "Criterion",
    "CriterionWording",
    "ExceptionPost",
    "ExceptionRequest",
    "Reexamination",
    "Round",
    "grantors",
    "grants_exceptions",
]
