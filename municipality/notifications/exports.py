"""One's own notices as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export


def notices(rows: Iterable[Any], worded: Callable[[Any], Any]) -> Export:
    """What one was told, in one's own words."""
    return Export(
        "notices",
        _("通知の一覧"),
        (
            (pgettext("通知", "日時"), lambda row: row.told_at),
            (pgettext("決裁", "件名"), lambda row: worded(row).subject),
            (pgettext("通知", "本文"), lambda row: worded(row).body),
            (_("読んだ日時"), lambda row: row.read_at),
        ),
        rows,
    )
