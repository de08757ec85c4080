"""History of evaluation periods (評価期間): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PERIOD_VERBS = {
    "period.changed": _("評価期間を変更しました"),
    "period.withdrawn": _("評価期間を取り消しました"),
    "period.planned": _("評価期間を設定しました"),
}
