"""The lists of 状況一覧."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.overview.timeline import Timeline
from dashboard.overview.usage import UsageBreakdown, UsageRow
from municipality.core.date_words import span_words
from municipality.web.components.cells import LinkCell, Words
from municipality.web.components.dates import number
from municipality.web.components.figures import hidden_mark
from municipality.web.components.lists import ListColumn, ListTable


def usage_listing(usage: UsageBreakdown) -> ListTable:
    """Who teleworked, by department; with more than one of them their total stands last."""
    columns = (
        ListColumn(pgettext("組織", "部署"), "words"),
        ListColumn(_("実施者 (人)"), "number"),
        ListColumn(_("対象者 (人)"), "number"),
        ListColumn(_("実施率 (%)"), "number"),
    )
    rows: list[tuple[Any, ...]] = [((_name(row),), *_numbers(row)) for row in usage.rows]
    if len(usage.rows) > 1:
        total = [Words(usage.total.name, "strong")]
        if usage.missing and not usage.total.hidden:
            words = ngettext("未提出 %(n)s部署", "未提出 %(n)s部署", usage.missing)
            total.append(Words(words % {"n": usage.missing}, "missing"))
        rows.append(((tuple(total),), *_numbers(usage.total)))
    caption = _("試行を始めた部署の職員のうち、その月に1回以上実施した人。")
    return ListTable(columns, rows, caption=caption, pairs=True)


def _name(row: UsageRow) -> tuple[Any, ...]:
    """The department, and the link to its missing month for who may do something about it."""
    if row.hand_in is None:
        return (LinkCell(row.name, row.address),)
    return (LinkCell(row.name, row.address), LinkCell(row.hand_in.action, row.hand_in.address))


def _numbers(row: UsageRow) -> tuple[Any, Any, Any]:
    if row.hidden:
        return hidden_mark(), hidden_mark(), hidden_mark()
    takers = pgettext("指標", "未提出") if row.missing else row.takers
    return takers, row.eligible, number(row.rate, 1)


def pilots_listing(timeline: Timeline) -> ListTable:
    """The bars of the line as a table."""
    columns = (
        ListColumn(pgettext("試行", "試行"), "link"),
        ListColumn(pgettext("一覧", "状態")),
        ListColumn(pgettext("一覧", "期間")),
    )
    rows = [
        (LinkCell(row.label, row.address), row.word, span_words(row.since, row.until, brief=False))
        for row in timeline.spans
    ]
    return ListTable(columns, rows)
