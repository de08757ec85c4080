"""The lists of definitions of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.indicators.models import Indicator
from municipality.web.components.cells import Words
from municipality.web.components.lists import ListColumn, ListTable


def definitions_listing(rows: Sequence[Indicator]) -> ListTable:
    """Definitions that count now; the address of an indicator points at its row."""
    columns = (
        ListColumn(pgettext("指標", "指標"), "words"),
        ListColumn(pgettext("指標", "計算式"), "words"),
        ListColumn(pgettext("指標", "単位"), "whole"),
        ListColumn(_("望ましい方向"), "whole"),
        ListColumn(pgettext("数値の列", "定義"), "whole"),
    )
    lines = [
        (
            _name(row),
            [
                (row.shown_formula,),
                *([(Words(row.shown_note, "small"),)] if row.shown_note else []),
            ],
            row.shown_unit,
            row.get_direction_display(),
            _version(row),
        )
        for row in rows
    ]
    return ListTable(columns, lines, anchors=[row.code for row in rows])


def earlier_listing(rows: Sequence[Indicator]) -> ListTable:
    """Definitions that counted before."""
    columns = (
        ListColumn(pgettext("指標", "指標"), "words"),
        ListColumn(pgettext("指標", "計算式")),
        ListColumn(pgettext("数値の列", "定義"), "whole"),
    )
    return ListTable(columns, [(_name(row), row.shown_formula, _version(row)) for row in rows])


def _name(row: Indicator) -> Any:
    return ((Words(row.code, "strong"), f" {row.shown_name}"),)


def _version(row: Indicator) -> str:
    return _("第%(n)s版") % {"n": row.definition_version}
