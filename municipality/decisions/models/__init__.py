"""The tables of decisions (決裁): the routes, the decision with its steps and papers, and who
stands in for whom.
"""

from .decisions import Circulation, Decision, Step
from .deputies import Absence, Deputy, present
from .papers import Attachment
from .revisions import Revision
from .routes import RouteStep, RouteTemplate, StepKind
from .superiors import Superior
from .takeovers import Takeover

__all__ = [
    "Absence",
    "Attachment",
    "Circulation",
    "Decision",
    "Deputy",
    "Revision",
    "RouteStep",
    "RouteTemplate",
    "Step",
    "StepKind",
    "Superior",
    "Takeover",
    "present",
]
