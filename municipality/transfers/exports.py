"""Movements of people and handed-over work at a transfer, as files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.imports.models import FileImport
from municipality.transfers.models import Transfer
from municipality.transfers.presenters.transfers import kind_words, movements_of, title_of
from municipality.web.exports import Export


def movements(file_import: FileImport) -> Export:
    """Everybody who leaves, moves or joins by a staff list."""
    return Export(
        "movements",
        _("人事異動の内容"),
        (
            (pgettext("異動", "区分"), lambda row: row[0]),
            (pgettext("人", "職員番号"), lambda row: row[1].number),
            (pgettext("人", "氏名"), lambda row: row[1].name),
            (_("いまの部署と職位"), lambda row: "・".join(row[1].old)),
            (_("基準日からの部署と職位"), lambda row: "・".join(row[1].new)),
        ),
        movements_of(file_import),
        about=file_import,
    )


def passed(rows: QuerySet[Any], transfer: Transfer) -> Export:
    """Work handed over at one transfer, as far as the viewer sees it."""
    return Export(
        "passed",
        _("引き継がれた仕事"),
        (
            (pgettext("異動", "仕事"), title_of),
            (pgettext("異動", "種類"), lambda row: kind_words(row.kind)),
            (pgettext("異動", "前任者"), lambda row: row.giver.name if row.giver else ""),
            (pgettext("異動", "後任者"), lambda row: row.taker.name if row.taker else ""),
            (_("引継ぎの結果"), lambda row: row.get_outcome_display()),
        ),
        rows,
        about=transfer,
    )
