"""The list of reviews as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.models import Review
from municipality.web.exports import Export


def reviews(rows: Iterable[Any]) -> Export:
    """Reviews with their dates."""
    return Export(
        "reviews",
        _("レビューの一覧"),
        (
            (pgettext("評価", "レビュー"), lambda row: row.title),
            (pgettext("レビュー", "対象"), _place),
            (pgettext("レビュー", "状態"), lambda row: row.get_state_display()),
            (_("締めの期限"), lambda row: row.due_on),
            (pgettext("レビュー", "締めた日"), lambda row: row.closed_at),
        ),
        rows,
    )


def _place(row: Review) -> str:
    return _("%(name)s全体") % {"name": row.place} if row.is_bodys_own else str(row.place)
