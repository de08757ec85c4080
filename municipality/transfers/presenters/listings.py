"""The lists of 人事異動: whole lists that came in and what each brings about, hand-overs, and what
passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import era_day
from municipality.core.name_lists import all_names
from municipality.imports.models import FileImport
from municipality.transfers.presenters.transfers import HandOverItem, MovedPerson
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page


def whole_lists_listing(lists: Iterable[FileImport]) -> ListTable:
    """The whole lists that came in."""
    columns = (
        ListColumn(pgettext("取込み", "ファイル"), "link"),
        ListColumn(pgettext("異動", "基準日")),
        ListColumn(pgettext("取込み", "状態"), "state"),
        ListColumn(_("受け取った日時"), "moment"),
        ListColumn(_("取り込んだ人")),
    )
    rows = [
        (
            LinkCell(row.name, row.get_absolute_url()),
            era_day(row.whole_on),
            StateCell(*face(row)),
            row.uploaded_at,
            row.uploaded_by,
        )
        for row in lists
    ]
    return ListTable(columns, rows)


def transfers_listing(page: Page) -> ListTable:
    """The hand-overs of one page, each with how much was `taken` and is `vacant`."""
    columns = (
        ListColumn(_("引継ぎの日"), "link"),
        ListColumn(_("引き継いだ仕事"), "number"),
        ListColumn(_("担当者のいない仕事"), "number"),
    )
    rows = [
        (LinkCell(era_day(row.day), row.get_absolute_url()), row.taken, row.vacant) for row in page
    ]
    none = _("まだ引継ぎはありません。異動のあった日に、引き継いだ仕事がここに記録されます。")
    return ListTable(columns, rows, Nothing(text=none), page=page)


def passed_listing(items: Iterable[HandOverItem], page: Page) -> ListTable:
    """What passed in one hand-over: what, from whom, to whom."""
    columns = (
        ListColumn(pgettext("異動", "仕事"), "words"),
        ListColumn(pgettext("異動", "種類")),
        ListColumn(pgettext("異動", "前任者")),
        ListColumn(pgettext("異動", "後任者"), "words"),
    )
    rows = [(_work(item), item.kind, item.gives or None, [[_follower(item)]]) for item in items]
    return ListTable(columns, rows, Nothing(text=_("引き継いだ仕事はありません。")), page=page)


def _work(item: HandOverItem) -> list[list[Any]]:
    title = item.title or item.kind
    return [[LinkCell(title, item.address)]]


def _follower(item: HandOverItem) -> str | StateCell:
    if item.takes:
        return item.takes
    if item.ends:
        return StateCell("neutral", pgettext("異動", "終了"))
    return StateCell("warn", pgettext("異動", "後任なし"))


def lacking_listing(items: Iterable[HandOverItem], gaps: Iterable[dict[str, Any]]) -> ListTable:
    """What nobody would carry after a whole list: work without a holder, and gaps by kind."""
    columns = (
        ListColumn(_("担当者のいなくなるもの"), "words"),
        ListColumn(pgettext("異動", "種類")),
        ListColumn(_("いまの担当者")),
    )
    rows: list[tuple[Any, ...]] = [
        ([_counted(item)], item.kind, item.gives or None) for item in items
    ]
    rows += [([[text]], group["label"], None) for group in gaps for text, _address in group["rows"]]
    return ListTable(columns, rows)


def moving_listing(people: Iterable[MovedPerson]) -> ListTable:
    """Who moves by a whole list, from where to where."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(pgettext("人", "職員番号")),
        ListColumn(_("いまの部署と職位")),
        ListColumn(_("基準日からの部署と職位")),
    )
    rows = [(each.name, each.number, all_names(each.old), all_names(each.new)) for each in people]
    return ListTable(columns, rows)


def passing_listing(items: Iterable[HandOverItem]) -> ListTable:
    """What a whole list hands over, from whom to whom."""
    columns = (
        ListColumn(pgettext("異動", "仕事"), "words"),
        ListColumn(pgettext("異動", "種類")),
        ListColumn(_("いまの担当者")),
        ListColumn(_("基準日からの担当者"), "words"),
    )
    ended = StateCell("neutral", pgettext("異動", "終了"))
    rows = [
        (
            [_counted(item)],
            item.kind,
            item.gives or None,
            [[ended if item.ends else item.takes]],
        )
        for item in items
    ]
    caption = _("基準日に自動で引き継ぎ、後任者に知らせます。面談の記録やメモは引き継ぎません。")
    return ListTable(columns, rows, caption=caption)


def _counted(item: HandOverItem) -> list[str | Words]:
    title = item.title or item.kind
    if item.count == 1:
        return [title]
    return [
        title,
        " ",
        Words(ngettext("%(n)s件", "%(n)s件", item.count) % {"n": item.count}, "mark"),
    ]


def going_listing(people: Iterable[tuple[str, str, str]]) -> ListTable:
    """Who goes where when a department ends."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(_("いまの部署と職位")),
        ListColumn(_("移る先の部署")),
    )
    none = _("この部署に発令されている職員はいません。")
    return ListTable(columns, list(people), Nothing(text=none))
