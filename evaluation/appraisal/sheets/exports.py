"""State of goal sheets as a file. The goals themselves are never exported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export


def sheets(period: Any, rows: Iterable[Any], *, evaluators: bool) -> Export:
    """Sheets with person, state and due day. The evaluator for HR alone, as on the page."""
    named = (
        ((pgettext("目標", "評価者"), lambda row: row.evaluator.name if row.evaluator else ""),)
        if evaluators
        else ()
    )
    return Export(
        "sheets",
        _("目標シートの一覧"),
        (
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.department.name),
            (pgettext("目標", "状態"), lambda row: row.get_state_display()),
            (_("目標の提出期限"), lambda row: row.goals_due_on),
            (_("面談と確定の期限"), lambda row: row.agree_due_on),
            *named,
        ),
        rows,
        about=period,
    )
