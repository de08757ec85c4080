"""The lists of the set-up: the checklist of a body, the parts of the installation, failed jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.clock.models import JobRun
from municipality.clock.operations.jobs import MOST_ATTEMPTS
from municipality.core.addresses import page_address
from municipality.core.date_words import NOTHING, moment
from municipality.setup.checklist import SetupItem
from municipality.setup.system_status import PartStatus
from municipality.web.components.cells import ActionCell, LinkCell, StateCell, Words
from municipality.web.components.lists import ListColumn, ListTable


def checklist_listing(items: Iterable[SetupItem], body: str) -> ListTable:
    """Items that are done and to do, each with its page and who did it when."""
    columns = (
        ListColumn(_("準備すること"), "words"),
        ListColumn(pgettext("準備", "状態"), "state"),
        ListColumn(_("いまの状況")),
        ListColumn(_("最後に行った人"), "words"),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    return ListTable(columns, [_item(item, body) for item in items])


def _item(item: SetupItem, body: str) -> tuple[Any, ...]:
    effect = [(Words(item.effect, "small"),)] if item.effect else []
    return (
        [(LinkCell(item.label, item.address),), *effect],
        _state(item),
        item.note,
        ((item.by or NOTHING,), (Words(moment(item.at), "whole"),)) if item.at else None,
        _mark(item, body),
    )


def _state(item: SetupItem) -> StateCell:
    return {
        "done": StateCell("ok", pgettext("準備", "済み")),
        "now": StateCell("run", pgettext("準備", "途中")),
        "skipped": StateCell("stop", pgettext("準備", "不要")),
    }.get(item.state, StateCell("neutral", pgettext("準備", "これから")))


def _mark(item: SetupItem, body: str) -> ActionCell | None:
    """The button that says whether the body needs it, where it may do without."""
    address = page_address("municipality:checklist_mark", body, item.key)
    if item.may_skip and item.state == "skipped":
        return ActionCell(_("必要に戻す"), address, item.label, posts=True, values={"needed": 1})
    if item.may_skip and item.is_open:
        return ActionCell(pgettext("準備", "不要にする"), address, item.label, posts=True)
    return None


def parts_listing(parts: Iterable[PartStatus]) -> ListTable:
    """Parts of the installation, each with what its failure means."""
    columns = (
        ListColumn(pgettext("動作", "部分")),
        ListColumn(pgettext("動作", "状態"), "state"),
        ListColumn(_("最後に動いた日時"), "moment"),
        ListColumn(_("止まったときの影響")),
    )
    works = StateCell("ok", pgettext("動作", "動作中"))
    stands = StateCell("stop", pgettext("動作", "停止"))
    rows = [
        (seen.part.label, works if seen.works else stands, seen.last_at, seen.part.effect)
        for seen in parts
    ]
    caption = _(
        "名前に「この団体」と付くもののほかは、すべての団体に共通です。止まっている部分があるときは、運用管理者に連絡してください。"
    )
    return ListTable(columns, rows, caption=caption)


def failed_listing(runs: Iterable[JobRun]) -> ListTable:
    """Failed jobs of the body. What names code is never translated."""
    columns = (
        ListColumn(_("失敗した処理")),
        ListColumn(_("失敗した日時"), "moment"),
        ListColumn(_("試みた回数"), "number"),
        ListColumn(_("次に試す日時")),
        ListColumn(_("失敗の種類")),
    )
    rows = [
        (
            format_html('<span translate="no">{}</span>', run.job),
            run.failed_at,
            run.attempts,
            _next(run),
            format_html(
                '<span translate="no">{}<br><small>{}</small></span>', run.error, run.place
            ),
        )
        for run in runs
    ]
    caption = _(
        "失敗した処理は、間隔を空けて、また行います。続くときは、この表の内容を運用管理者に伝えてください。"
    )
    return ListTable(columns, rows, caption=caption)


def _next(run: JobRun) -> str | None:
    if run.attempts >= MOST_ATTEMPTS:
        return pgettext("動作", "翌日")
    return moment(run.next_at) if run.next_at else None
