"""History of assignments (受講の割当て): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ASSIGNMENT_VERBS = {
    "training.assigned": _("研修の受講を割り当てました"),
    "training.assignment_cancelled": _("受講の割当てを取り消しました"),
}
