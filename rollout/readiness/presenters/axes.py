"""The tabs over the forms of one assessment: one for each axis."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.components.cells import StateCell
from municipality.web.components.lists import Tab
from rollout.readiness.models import Assessment
from rollout.readiness.presenters.sheet import AssessmentSheet, AxisLine


def answering_tabs(sheet: AssessmentSheet, axis: str) -> list[Tab]:
    """The axes with what is not answered yet, and what was sent back."""
    returned = sheet.assessment.state == Assessment.State.RETURNED
    return [
        _tab(
            sheet,
            line,
            "rollout:answers",
            axis,
            count=line.left,
            spoken=_("件が未回答"),
            returned=line.returned if returned else 0,
        )
        for line in sheet.lines
    ]


def reviewing_tabs(sheet: AssessmentSheet, axis: str) -> list[Tab]:
    """The axes with what is not reviewed yet."""
    return [
        _tab(sheet, line, "rollout:review", axis, count=line.to_review, spoken=_("件が未確認"))
        for line in sheet.lines
    ]


def _tab(
    sheet: AssessmentSheet,
    line: AxisLine,
    name: str,
    axis: str,
    *,
    count: int,
    spoken: str,
    returned: int = 0,
) -> Tab:
    assessment, word = sheet.assessment, pgettext("準備度評価", "差戻し")
    return Tab(
        str(line.axis.label),
        reverse(name, args=[assessment.municipality_id, assessment.pk, line.axis.value]),
        count or None,
        current=line.axis == axis,
        spoken=spoken,
        state=StateCell("back", f"{word} {returned}") if returned else None,
    )
