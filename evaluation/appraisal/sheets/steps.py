"""Progress of a sheet, as the steps over its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluation.appraisal.sheets.models import Sheet
from municipality.web.components.steps import step


def steps_of(sheet: Sheet) -> list[dict[str, Any]]:
    """入力 → 面談 → 確定."""
    reached = {
        Sheet.State.DRAFT: 0,
        Sheet.State.RETURNED: 0,
        Sheet.State.SUBMITTED: 1,
        Sheet.State.AGREED: 3,
    }[Sheet.State(sheet.state)]
    handed_in = sheet.submitted_at if reached else sheet.goals_due_on
    return [
        step(_("目標の提出"), reached, 0, handed_in),
        step(
            _("面談と確定"),
            reached,
            1,
            sheet.agreed_at or sheet.agree_due_on or sheet.period.agree_due_on,
        ),
    ]
