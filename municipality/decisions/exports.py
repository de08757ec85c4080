"""Decisions as a file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export


def decisions(rows: QuerySet[Any]) -> Export:
    """Decisions with the posts of their current steps."""
    return Export(
        "decisions",
        _("決裁の一覧"),
        (
            (pgettext("決裁", "件名"), lambda row: row.title),
            (pgettext("決裁", "状態"), lambda row: row.get_state_display()),
            (_("起案した日時"), lambda row: row.drafted_at),
            (pgettext("決裁", "起案者"), lambda row: row.drafter.name),
            (_("起案した部署"), lambda row: row.department.name),
            (
                _("いまの段階"),
                lambda row: all_names(f"{step.department} {step.post}" for step in row.turns),
            ),
        ),
        rows,
    )
