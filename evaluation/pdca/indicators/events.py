"""History of indicators (指標): how it is worded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

INDICATOR_VERBS = {
    "indicator.loaded": _("指標の定義を登録しました"),
}
