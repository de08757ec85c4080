"""History of the planning of pilots (試行の計画): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PLANNING_VERBS = {
    "pilot.planned": _("試行を計画しました"),
    "pilot.changed": _("試行の計画を変更しました"),
}
