"""The lists among the settings of decisions: deputies and absences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.addresses import page_address
from municipality.core.date_words import span_words
from municipality.decisions.models import Absence, Deputy
from municipality.web.components.cells import ActionCell
from municipality.web.components.lists import ListColumn, ListTable, Nothing


def deputies_listing(rows: Iterable[Deputy], labels: Mapping[str, Any]) -> ListTable:
    """Who decides in whose place; `labels` are the words of what is decided."""
    columns = (
        ListColumn(_("決裁者の職位")),
        ListColumn(_("代決する人")),
        ListColumn(_("決裁の対象")),
        ListColumn(pgettext("決裁", "期間")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    lines = [
        (
            f"{row.department} {row.post}",
            row.member,
            labels.get(row.matter, row.matter) if row.matter else _("すべての対象"),
            span_words(row.starts_on, row.ends_on, brief=False),
            ActionCell(
                pgettext("入力", "取り消す"),
                page_address("municipality:deputy_remove", row.municipality_id, row.pk),
                posts=True,
            ),
        )
        for row in rows
    ]
    return ListTable(columns, lines, Nothing(text=_("代決する人は、指定されていません。")))


def absences_listing(rows: Iterable[Absence]) -> ListTable:
    """Who is away; taking it back leads to the settings again."""
    columns = (
        ListColumn(pgettext("人", "氏名")),
        ListColumn(pgettext("人", "期間")),
        ListColumn(_("不在の理由")),
        ListColumn(pgettext("一覧", "操作"), "action", silent=True),
    )
    lines = [
        (
            row.member,
            span_words(row.starts_on, row.ends_on, brief=False),
            row.reason,
            ActionCell(
                pgettext("入力", "取り消す"),
                page_address("municipality:absence_remove", row.municipality_id, row.pk),
                posts=True,
                values={"settings": 1},
            ),
        )
        for row in rows
    ]
    return ListTable(columns, lines, Nothing(text=_("不在の予定は、登録されていません。")))
