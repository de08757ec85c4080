"""Whether 1on1 were held, as a file. Their content is never exported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export


def held(month: date, rows: Iterable[Any]) -> Export:
    """Pairs that met in a month, without any content."""
    return Export(
        "held",
        _("1on1の実施状況"),
        (
            (pgettext("1on1", "対象の月"), lambda _row: f"{month:%Y-%m}"),
            (pgettext("人", "職員"), lambda row: row["who"]),
            (pgettext("組織", "部署"), lambda row: row["department__name"]),
            (_("1on1を行う人"), lambda row: row["by"]),
            (
                pgettext("1on1", "実施"),
                lambda row: (
                    pgettext("1on1", "実施済み") if row["times"] else pgettext("1on1", "未実施")
                ),
            ),
            (_("実施した日"), lambda row: row["last_on"]),
        ),
        rows,
    )
