"""Courses as a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.web.exports import Export
from training.courses.presenters import required_words


def courses(rows: Iterable[Any], today: date, *, people: bool) -> Export:
    """Courses, with the progress of one's people for members who are responsible for some."""
    counts = (
        (
            (_("割当(人)"), lambda row: row.assigned),
            (_("修了(人)"), lambda row: row.completed),
            (_("期限超過(人)"), lambda row: row.late),
        )
        if people
        else ()
    )
    return Export(
        "courses",
        _("研修の一覧"),
        (
            (_("研修コード"), lambda row: row.code),
            (pgettext("研修", "研修名"), lambda row: row.title),
            (
                pgettext("研修", "対象"),
                lambda row: all_names(str(name) for name in row.audience_names),
            ),
            (pgettext("研修", "形式"), lambda row: row.get_mode_display()),
            (_("所要時間(分)"), lambda row: row.minutes),
            (_("試行の前に必須"), lambda row: required_words(row, today)),
            *counts,
        ),
        rows,
    )
