"""The files that came in, as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export


def imports(rows: QuerySet[Any], label_of: Callable[[str], Any]) -> Export:
    """Imported files, with person, time and number of rows."""
    return Export(
        "imports",
        _("取込みの一覧"),
        (
            (pgettext("取込み", "ファイル"), lambda row: row.name),
            (pgettext("取込み", "種類"), lambda row: label_of(row.kind)),
            (pgettext("取込み", "状態"), lambda row: row.get_state_display()),
            (_("受け取った日時"), lambda row: row.uploaded_at),
            (
                _("受け取りの操作をした人"),
                lambda row: row.uploaded_by.name if row.uploaded_by else "",
            ),
            (_("取り込んだ日時"), lambda row: row.committed_at),
            (
                _("取込みを指示した人"),
                lambda row: row.committed_by.name if row.committed_by else "",
            ),
            (_("追加(行)"), lambda row: row.summary.get("added")),
            (_("変更(行)"), lambda row: row.summary.get("changed")),
            (_("終了(行)"), lambda row: row.summary.get("ended")),
            (_("変更なし(行)"), lambda row: row.summary.get("unchanged")),
            (_("指摘(か所)"), lambda row: row.summary.get("findings")),
        ),
        rows,
    )
