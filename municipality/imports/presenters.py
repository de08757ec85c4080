"""The list of imported files for one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.components.cells import LinkCell, StateCell
from municipality.web.components.lists import ListColumn, ListTable
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page

    from municipality.imports.models import FileImport


def imports_listing(page: Page) -> ListTable:
    """Files of one page, each with the `label` of its kind and its `counts`."""
    columns = (
        ListColumn(pgettext("取込み", "ファイル"), "link"),
        ListColumn(pgettext("取込み", "種類")),
        ListColumn(pgettext("取込み", "状態"), "state"),
        ListColumn(_("受け取った日時"), "moment"),
        ListColumn(_("操作した人")),
        ListColumn(pgettext("取込みの件数", "追加"), "number"),
        ListColumn(pgettext("取込みの件数", "変更"), "number"),
        ListColumn(pgettext("取込みの件数", "終了"), "number"),
        ListColumn(pgettext("取込みの件数", "変更なし"), "number"),
    )
    return ListTable(columns, [_row(taken) for taken in page], page=page)


def _row(taken: Any) -> tuple[Any, ...]:
    by: Any = taken.committed_by or taken.uploaded_by
    counts = [None] * 4 if _is_refused(taken) else taken.counts
    return (
        LinkCell(taken.name, taken.get_absolute_url()),
        taken.label,
        StateCell(*face(taken)),
        taken.uploaded_at,
        str(by) if by else pgettext("取込み", "コマンド"),
        *counts,
    )


def _is_refused(taken: FileImport) -> bool:
    return taken.state == taken.State.REFUSED
