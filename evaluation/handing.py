"""What passes at a transfer in this room: reviews to close, actions, sheets and pairs. What was said in talks never does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.handing import by_role
from municipality.rooms import HandOver

from .deadlines import DEADLINES
from .operations.transfers import (
    actions_passing,
    pairs_passing,
    pass_action,
    pass_pair,
    pass_sheet,
    sheets_passing,
)

HAND_OVERS = (
    *(by_role(deadline) for deadline in DEADLINES if deadline.rule == "review.enter"),
    HandOver("action", pgettext_lazy("対応の種類", "改善項目"), "evaluation:action", actions_passing, pass_action),
    HandOver("sheet", _("目標シート"), "evaluation:sheet", sheets_passing, pass_sheet),
    HandOver("pair", _("1on1の組"), "", pairs_passing, pass_pair),
)
