"""The lists of 1on1: one's pairs, the talks of a pair, and which pairs met. The rows come from the
pages, which read them through `records.py`; no table of personal records is named here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import day_words, era_day
from municipality.organisation.open_days import OpenDays, open_days
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words, due_cell
from municipality.web.components.dates import number
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs_of

if TYPE_CHECKING:
    from django.core.paginator import Page


def led_tabs(pairs: Sequence[Any], today: date, asked: str) -> tuple[list[Tab], list[Any]]:
    """Tabs over the pairs in which one is the manager, and the pairs of the chosen one."""
    by_tab = {"all": list(pairs), "late": [pair for pair in pairs if is_late(pair, today)]}
    labels = {"all": pgettext("1on1", "すべて"), "late": pgettext("1on1", "期限超過")}
    chosen = asked if asked in by_tab else "all"
    counts = {key: len(rows) for key, rows in by_tab.items()}
    return tabs_of(labels, chosen, counts=counts), by_tab[chosen]


def is_late(pair: Any, today: date) -> bool:
    """Has the planned day of the next talk passed?"""
    return pair.meets_on is not None and pair.meets_on < today


def led_listing(pairs: Sequence[Any], today: date) -> ListTable:
    """The pairs in which one is the manager, each with the button that records a talk."""
    columns = (
        ListColumn(pgettext("1on1", "相手"), "link"),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(pgettext("1on1", "前回"), "words"),
        ListColumn(_("次回の予定"), "due"),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    calendar = _calendar(pairs)
    rows = [
        (
            LinkCell(str(pair.member), pair.get_absolute_url()),
            pair.department,
            _last(pair, today),
            due_cell(pair.meets_on, today, calendar),
            _recording(pair),
        )
        for pair in pairs
    ]
    nothing = Nothing(
        _("予定を過ぎた1on1はありません"), _("予定の日を過ぎると、ここに表示されます。")
    )
    return ListTable(columns, rows, nothing, today=today)


def own_listing(pairs: Sequence[Any], today: date) -> ListTable:
    """The pairs in which one is the member."""
    columns = (
        ListColumn(pgettext("1on1", "相手"), "link"),
        ListColumn(pgettext("1on1", "前回"), "words"),
        ListColumn(_("次回の予定"), "due"),
    )
    calendar = _calendar(pairs)
    rows = [
        (
            LinkCell(str(pair.manager), pair.get_absolute_url()),
            _last(pair, today),
            due_cell(pair.meets_on, today, calendar),
        )
        for pair in pairs
    ]
    return ListTable(columns, rows, today=today)


def _calendar(pairs: Sequence[Any]) -> OpenDays:
    """The open days of the body whose pairs these are."""
    return open_days(pairs[0].municipality_id) if pairs else OpenDays()


def _last(pair: Any, today: date) -> list[list[str | Words]]:
    if pair.last_on:
        return [[Words(day_words(pair.last_on, today), "whole")]]
    return [[_("まだ実施していません")]]


def _recording(pair: Any) -> ActionCell:
    address = page_address("evaluation:talk_new", pair.municipality_id, pair.pk)
    return ActionCell(pgettext("1on1", "記録する"), address, str(pair.member))


def talks_listing(pair: Any, page: Page, today: date, *, may_record: bool) -> ListTable:
    """The talks of one page: when, how and how many promises are left; not what was said."""
    columns = (
        ListColumn(_("実施した日"), "link"),
        ListColumn(_("実施の方法")),
        ListColumn(pgettext("1on1", "時間"), "number"),
        ListColumn(pgettext("1on1", "残る約束"), "number"),
        ListColumn(_("次回の予定"), "day"),
    )
    rows = [
        (
            LinkCell(era_day(talk.held_on), talk.get_absolute_url()),
            talk.get_mode_display(),
            _("%(n)s分") % {"n": talk.minutes},
            pgettext("約束の数", "%(n)s件") % {"n": number(talk.left)},
            talk.next_on,
        )
        for talk in page
    ]
    nothing = _no_talks(pair, may_record=may_record)
    caption = _("新しい順に並べています。")
    return ListTable(columns, rows, nothing, caption, page, today, pairs=True)


def _no_talks(pair: Any, *, may_record: bool) -> Nothing:
    if not may_record:
        return Nothing(_("まだ記録がありません"), _("所属長が記録すると、ここに表示されます。"))
    return Nothing(
        _("まだ記録がありません"),
        _("話した日のうちに、話したことと約束を残してください。"),
        page_address("evaluation:talk_new", pair.municipality_id, pair.pk),
        pgettext("1on1", "記録する"),
    )


def held_listing(page: Page, today: date) -> ListTable:
    """The pairs of one page: whether they met, and nothing of what was said."""
    columns = (
        ListColumn(pgettext("人", "職員")),
        ListColumn(pgettext("組織", "部署")),
        ListColumn(_("1on1を行う人")),
        ListColumn(pgettext("1on1", "実施"), "state"),
        ListColumn(_("実施した日"), "day"),
    )
    rows = [
        (row["who"], row["department__name"], row["by"], _held(row["times"]), row["last_on"])
        for row in page
    ]
    nothing = Nothing(
        _("1on1の組がありません"),
        _("所属長が1on1を始めると、実施したかどうかがここに表示されます。"),
    )
    return ListTable(columns, rows, nothing, page=page, today=today, pairs=True)


def _held(times: int) -> StateCell:
    if times:
        return StateCell("ok", pgettext("1on1", "実施済み"))
    return StateCell("neutral", pgettext("1on1", "未実施"))
