"""History of completions (修了): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COMPLETION_VERBS = {
    "training.completed": _("研修の修了を記録しました"),
    "training.class_completed": _("研修の修了をまとめて記録しました"),
    "training.completion_voided": _("研修の修了を取り消しました"),
    "training.completions_taken_in": _("研修の修了をファイルから取り込みました"),
}
