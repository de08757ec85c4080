"""The lists of records: the lines of the log, its checks, and what is to be disposed of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import era_day, moment
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.dates import number
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.components.states import face


def log_listing(rows: Iterable[Any]) -> ListTable:
    """The lines of one page of the log, each with its words (`log_search.name_rows`)."""
    columns = (
        ListColumn(pgettext("履歴", "行の番号"), "number"),
        ListColumn(pgettext("履歴", "日時"), "moment"),
        ListColumn(pgettext("履歴", "行った人")),
        ListColumn(_("行ったこと")),
        ListColumn(pgettext("履歴", "対象")),
    )
    lines = [(row.seq, row.at, _actor(row), row.said, _subject(row)) for row in rows]
    caption = _("新しい順です。内容や個人の情報は表示しません。この画面を見たことも記録されます。")
    return ListTable(columns, lines, caption=caption, named_by=3)


def _actor(row: Any) -> str:
    if row.actor:
        return row.actor
    return f"#{row.actor_id}" if row.actor_id else pgettext("履歴", "システム")


def _subject(row: Any) -> str | None:
    if not row.thing:
        return None
    which = row.person or (f"#{row.subject_id}" if row.subject_id else "")
    return f"{row.thing} {which}".rstrip()


def checks_listing(rows: Iterable[dict[str, Any]], body_name: str) -> ListTable:
    """The last checks of the log: when, of which chain, and what was found."""
    columns = (
        ListColumn(_("検証した日時"), "moment"),
        ListColumn(pgettext("検証", "対象")),
        ListColumn(pgettext("検証", "行数"), "number"),
        ListColumn(pgettext("検証", "結果"), "words"),
    )
    lines = [
        (
            item["row"].at,
            body_name if item["own"] else _("システム全体の記録"),
            item["row"].length,
            [_result(item["row"].bad_line, item["reason"])],
        )
        for item in rows
    ]
    return ListTable(columns, lines, caption=_("最近の検証"))


def _result(bad_line: int | None, reason: str) -> list[StateCell | str]:
    if bad_line is None:
        return [StateCell("ok", pgettext("検証", "一致"))]
    where = _("行 %(n)s: %(reason)s") % {"n": number(bad_line), "reason": reason}
    return [StateCell("bad", pgettext("検証", "不一致")), f" {where}"]


def overdue_listing(groups: Iterable[dict[str, Any]]) -> ListTable:
    """By kind of line how long it is kept, and how many lines are past that."""
    columns = (
        ListColumn(_("操作の種類")),
        ListColumn(pgettext("廃棄", "保存年限")),
        ListColumn(_("残す最初の日")),
        ListColumn(pgettext("廃棄", "過ぎた行"), "number"),
    )
    rows = [
        (group["label"], _years(group["years"]), era_day(group["day"]), group["count"])
        for group in groups
    ]
    return ListTable(columns, rows)


def _years(n: int) -> str:
    return ngettext("%(n)s年", "%(n)s年", n) % {"n": n}


def disposals_listing(disposals: Iterable[Any]) -> ListTable:
    """What was proposed before, and what came of it."""
    columns = (
        ListColumn(_("廃棄の種類"), "link"),
        ListColumn(pgettext("廃棄", "状態"), "state"),
        ListColumn(_("申し出た人"), "words"),
        ListColumn(_("承認した人")),
        ListColumn(_("内容を消した行数"), "number"),
        ListColumn(_("除いた行数"), "number"),
    )
    rows = [
        (
            LinkCell(row.get_kind_display(), row.get_absolute_url()),
            StateCell(*face(row)),
            ((str(row.proposed_by),), (Words(moment(row.proposed_at), "whole"),)),
            row.decided_by,
            row.erased,
            row.removed,
        )
        for row in disposals
    ]
    return ListTable(columns, rows, Nothing(text=_("申出は、まだありません。")))
