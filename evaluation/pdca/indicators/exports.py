"""Definitions of the indicators as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.indicators.models import Indicator
from municipality.web.exports import Export


def indicators(rows: Iterable[Indicator]) -> Export:
    """Every definition, also earlier versions."""
    return Export(
        "indicators",
        _("指標の定義"),
        (
            (_("指標コード"), lambda row: row.code),
            (pgettext("指標", "指標"), lambda row: row.shown_name),
            (pgettext("指標", "計算式"), lambda row: row.shown_formula),
            (pgettext("指標", "単位"), lambda row: row.shown_unit),
            (_("望ましい方向"), lambda row: row.get_direction_display()),
            (pgettext("指標", "定義の版"), lambda row: row.definition_version),
            (pgettext("指標", "注記"), lambda row: row.shown_note),
        ),
        rows,
    )
