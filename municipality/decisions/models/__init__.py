"""Tables of decisions (決裁): routes, decisions with their steps and papers, and deputies."""

from .decisions import Circulation, Decision, Step
from .deputies import Absence, Deputy
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
]
