"""Registration of training with the apps below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.refusals import anyone
from municipality.core.registry import Measure, Nav, Registration
from training.assignments.deadlines import DEADLINES
from training.assignments.handover_items import HAND_OVERS
from training.assignments.panels import training_panel
from training.completions.imports import IMPORTS
from training.completions.indicators import completion_rate

VERBS = {
    "training.course_created": _("研修を追加しました"),
    "training.course_changed": _("研修を変更しました"),
    "training.starter_added": _("標準の研修を追加しました"),
    "training.assigned": _("研修の受講を割り当てました"),
    "training.assignment_cancelled": _("受講の割当てを取り消しました"),
    "training.completed": _("研修の修了を記録しました"),
    "training.class_completed": _("研修の修了をまとめて記録しました"),
    "training.completion_voided": _("研修の修了を取り消しました"),
    "training.completions_taken_in": _("研修の修了をファイルから取り込みました"),
}


registration = Registration(
    name="training",
    deadlines=DEADLINES,
    imports=IMPORTS,
    verbs=VERBS,
    navigation=(Nav("try", pgettext_lazy("案内", "研修"), "training:training", anyone, order=10),),
    hand_overs=HAND_OVERS,
    panels=(training_panel,),
    measures=(
        Measure(
            ("K24",), lambda departments, period: {"K24": completion_rate(departments, period)}
        ),
    ),
)
