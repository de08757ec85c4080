"""Registration of training with the apps below."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from municipality.core.refusals import anyone
from municipality.core.registry import Measure, Nav, PersonalVerb, Registration
from training.assignments.deadlines import DEADLINES
from training.assignments.events import ASSIGNMENT_VERBS
from training.assignments.handover_items import HAND_OVERS
from training.assignments.panels import training_panel
from training.completions.events import COMPLETION_NOTICES, COMPLETION_VERBS
from training.completions.imports import IMPORTS
from training.completions.indicators import completion_rate
from training.courses.events import COURSE_VERBS

registration = Registration(
    name="training",
    deadlines=DEADLINES,
    imports=IMPORTS,
    notices=COMPLETION_NOTICES,
    verbs={**COURSE_VERBS, **ASSIGNMENT_VERBS, **COMPLETION_VERBS},
    personal_verbs={"training.completed": PersonalVerb("training.assignment")},
    navigation=(Nav("try", pgettext_lazy("案内", "研修"), "training:training", anyone, order=10),),
    hand_overs=HAND_OVERS,
    panels=(training_panel,),
    measures=(
        Measure(
            ("K24",), lambda departments, period: {"K24": completion_rate(departments, period)}
        ),
    ),
)
