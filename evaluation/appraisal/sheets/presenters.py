"""The lists of goals: one's own sheets, those of others, and the evaluation periods. The rows come
from the pages, which read them through `records.py`; no table of personal records is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.appraisal.schemes.models import EvaluationPeriod
from municipality.core.addresses import page_address
from municipality.core.date_words import era_day
from municipality.organisation.open_days import OpenDays, open_days
from municipality.web.components.cells import DueCell, LinkCell, StateCell, Words, due_cell
from municipality.web.components.dates import number
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs_of
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page


def own_listing(sheets: Sequence[Any], today: date) -> ListTable:
    """One's own sheets."""
    columns = (
        ListColumn(pgettext("目標", "評価期間"), "link"),
        ListColumn(pgettext("評価", "期間"), "words"),
        ListColumn(pgettext("目標", "状態"), "state"),
        ListColumn(pgettext("目標", "次の期限"), "due"),
        ListColumn(pgettext("目標", "評価者")),
    )
    calendar = _calendar(sheets)
    rows = [
        (
            LinkCell(str(sheet.period), sheet.get_absolute_url()),
            _span(sheet.period),
            StateCell(*face(sheet)),
            _next_due(sheet, today, calendar),
            sheet.evaluator,
        )
        for sheet in sheets
    ]
    return ListTable(columns, rows, today=today)


def others_listing(groups: Iterable[Any], body: str) -> ListTable:
    """Per period how many sheets of others there are, and how many wait for oneself."""
    columns = (
        ListColumn(pgettext("目標", "評価期間"), "link"),
        ListColumn(_("あなたの確認待ち"), "number"),
        ListColumn(pgettext("目標", "確定"), "number"),
        ListColumn(pgettext("評価", "シート"), "number"),
    )
    rows = [
        (
            LinkCell(row["period__name"], page_address("evaluation:period", body, row["period"])),
            Words(_sheets(row["waiting"]), "strong" if row["waiting"] else ""),
            _sheets(row["agreed"]),
            _sheets(row["n"]),
        )
        for row in groups
    ]
    return ListTable(columns, rows, pairs=True)


def periods_listing(periods: Iterable[EvaluationPeriod], today: date) -> ListTable:
    """The evaluation periods with their two deadlines."""
    columns = (
        ListColumn(pgettext("評価期間", "名称"), "link"),
        ListColumn(pgettext("評価", "期間"), "words"),
        ListColumn(_("目標の提出期限"), "day"),
        ListColumn(_("面談と確定の期限"), "day"),
        ListColumn(pgettext("評価期間", "状態"), "state"),
    )
    rows = [
        (
            LinkCell(str(period), period.get_absolute_url()),
            _span(period),
            period.goals_due_on,
            period.agree_due_on,
            StateCell(*face(period)),
        )
        for period in periods
    ]
    return ListTable(columns, rows, today=today)


def numbers_listing(groups: Iterable[Any]) -> ListTable:
    """Per department how many sheets are handed in and agreed; nobody's name."""
    columns = (
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("目標", "提出済み"), "number"),
        ListColumn(pgettext("目標", "確定"), "number"),
        ListColumn(pgettext("目標", "対象"), "number"),
    )
    rows = [
        (row["department__name"], *map(_people, (row["handed_in"], row["agreed"], row["n"])))
        for row in groups
    ]
    return ListTable(columns, rows, pairs=True)


def sheets_listing(page: Page, today: date, *, evaluators: bool) -> ListTable:
    """The sheets of others on one page: whose, and how far; for HR also who evaluates."""
    columns = [
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("目標", "状態"), "state"),
        ListColumn(pgettext("目標", "次の期限"), "due"),
    ]
    if evaluators:
        columns.append(ListColumn(pgettext("目標", "評価者")))
    calendar = _calendar(list(page))
    rows = [
        (
            LinkCell(str(sheet.member), sheet.get_absolute_url()),
            sheet.department,
            StateCell(*face(sheet)),
            _next_due(sheet, today, calendar),
            *([sheet.evaluator] if evaluators else []),
        )
        for sheet in page
    ]
    nothing = Nothing(_("期限を過ぎたシートはありません"))
    return ListTable(columns, rows, nothing, page=page, today=today)


def _calendar(sheets: Sequence[Any]) -> OpenDays:
    """The open days of the body whose sheets these are."""
    return open_days(sheets[0].municipality_id) if sheets else OpenDays()


def sheet_tabs(*, late: bool) -> list[Tab]:
    """The tabs over the sheets of others."""
    labels = {"all": pgettext("目標", "すべて"), "late": pgettext("目標", "期限超過")}
    return tabs_of(labels, "late" if late else "all")


def _next_due(sheet: Any, today: date, calendar: OpenDays) -> DueCell | None:
    """By when the goals are to be handed in, or agreed where they are."""
    if sheet.state == sheet.State.AGREED:
        return None
    submitted = sheet.state == sheet.State.SUBMITTED
    return due_cell(sheet.agree_due_on if submitted else sheet.goals_due_on, today, calendar)


def _span(period: EvaluationPeriod) -> list[list[str | Words]]:
    first, last = Words(era_day(period.starts_on), "whole"), Words(era_day(period.ends_on), "whole")
    return [[first, " – ", last]]


def _sheets(count: int) -> str:
    return pgettext("シートの数", "%(n)s枚") % {"n": number(count)}


def _people(count: int) -> str:
    return pgettext("シートの数", "%(n)s人") % {"n": number(count)}
