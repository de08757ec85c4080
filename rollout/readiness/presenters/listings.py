"""The lists of an assessment and of a round: results by axis, and unmet 必須条件."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import COMMA
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.dates import number
from municipality.web.components.lists import ListColumn, ListTable
from rollout.readiness.presenters.board import Unmet
from rollout.readiness.presenters.sheet import AssessmentSheet, AxisLine
from rollout.readiness.scores import Score


def results_listing(sheet: AssessmentSheet) -> ListTable:
    """The result by axis, the total last: the department's own, as reviewed, and the time
    before.
    """
    columns = (
        ListColumn(pgettext("準備度", "観点"), "words"),
        ListColumn(pgettext("準備度", "回答済み"), "number"),
        ListColumn(pgettext("準備度", "自己評価"), "number"),
        ListColumn(pgettext("準備度", "確認後"), "number"),
        ListColumn(pgettext("準備度", "前回"), "number"),
    )
    rows: list[tuple[Any, ...]] = [
        (
            (_axis(sheet, line),),
            _answered(line.own),
            _score(line.own),
            _score(line.now if line.reviewed else None),
            _score(line.before),
        )
        for line in sheet.lines
    ]
    before = sheet.before.result.total if sheet.before else None
    totals = (sheet.own.total, sheet.now.total if sheet.reviewed else None, before)
    rows.append(
        (
            ((Words(pgettext("準備度", "総合"), "strong"),),),
            _answered(sheet.own.total),
            *(Words(_score(score), "strong") for score in totals),
        )
    )
    return ListTable(columns, rows, pairs=True)


def _axis(sheet: AssessmentSheet, line: AxisLine) -> tuple[Any, ...]:
    """The axis, with how many of its items the office sent back."""
    link = LinkCell(str(line.axis.label), f"#axis-{line.axis}")
    if not line.returned or not sheet.returned:
        return (link,)
    words = _("差戻し %(n)s件") % {"n": line.returned}
    return (link, StateCell("back", words))


def _answered(score: Score) -> str:
    return f"{score.answered} / {score.total}"


def _score(score: Score | None) -> str:
    return number(score.value if score else None, 1)


def unmet_listing(unmet: Iterable[Unmet]) -> ListTable:
    """必須条件 with the departments that do not meet them."""
    columns = (
        ListColumn(pgettext("準備度", "条件")),
        ListColumn(_("満たす段階")),
        ListColumn(_("満たしていない部署"), "words"),
    )
    rows = [
        (
            f"{item.criterion.code} {item.criterion.words.title}",
            _("%(n)s以上") % {"n": item.criterion.blocker_level},
            (_departments(item),),
        )
        for item in unmet
    ]
    caption = _("試行を始める前に、どの部署も満たす必要がある条件です。")
    return ListTable(columns, rows, caption=caption)


def _departments(item: Unmet) -> list[Any]:
    links: list[Any] = []
    for row, exception in item.assessments:
        links += [str(COMMA), LinkCell(str(row.department), row.get_absolute_url())]
        links += [f" {exception.label}"] if exception else []
    return links[1:]
