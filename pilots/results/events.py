"""History of the results of pilots (試行の結果): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RESULT_VERBS = {
    "pilot.criteria_fixed": _("成功の基準を固定しました"),
}
