"""The board of a readiness round as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export
from rollout.readiness.models import Axis, Round


def board(round_: Round, rows: Iterable[Any]) -> Export:
    """Departments with their levels (0 to 4, one decimal as on the page); a missing answer is
    empty, never 0.
    """
    axes = tuple((axis.label, lambda row, n=n: level(row.cells[n])) for n, axis in enumerate(Axis))
    return Export(
        "readiness",
        f"{_('準備度評価')} {round_.name}",
        (
            (_("部署コード"), lambda row: row.assessment.department.code),
            (pgettext("組織", "部署"), lambda row: row.assessment.department.name),
            (pgettext("準備度", "状態"), lambda row: row.assessment.get_state_display()),
            *axes,
            (pgettext("準備度", "総合"), lambda row: level(row.total)),
            (
                pgettext("準備度", "前回との差"),
                lambda row: "" if row.change is None else round(row.change, 1),
            ),
            (_("満たされていない必須条件がある"), lambda row: row.total.has_blocker),
            (pgettext("準備度", "例外"), _exceptions),
        ),
        rows,
        about=round_,
    )


def _exceptions(row: Any) -> str:
    return all_names(f"{each.criterion} {each.label}" for each in row.exceptions)


def level(cell: Any) -> float | str:
    """Level as it is shown; empty when there is none."""
    return "" if cell.value is None else round(cell.value, 1)
