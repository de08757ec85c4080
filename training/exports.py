"""The lists of training as files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.exports.listing import Export

from .models import Assignment, Course


def courses(rows: Iterable[Any], *, people: bool) -> Export:
    """The courses; with how far one's people are for those who answer for some."""
    counts = (
        (_("割当(人)"), lambda row: row.assigned),
        (_("修了(人)"), lambda row: row.completed),
        (_("期限超過(人)"), lambda row: row.late),
    ) if people else ()  # fmt: skip
    return Export(
        "courses", _("研修の一覧"),
        (
            (_("研修コード"), lambda row: row.code),
            (pgettext("研修", "研修名"), lambda row: row.title),
            (pgettext("研修", "対象"), lambda row: "、".join(str(name) for name in row.audience_names)),
            (pgettext("研修", "形式"), lambda row: row.get_mode_display()),
            (_("所要時間(分)"), lambda row: row.minutes),
            (_("試行の前に必須"), lambda row: row.required_for_pilots),
            *counts,
        ),
        rows,
    )  # fmt: skip


def assignments(course: Course, rows: QuerySet[Assignment], today: date) -> Export:
    """Who is to take a course, and how far they are."""
    return Export(
        "assignments", _("受講の状況"),
        (
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.home_name),
            (pgettext("受講割当", "状態"), lambda row: state_of(row, today)),
            (pgettext("研修", "期限"), lambda row: row.due_on),
            (pgettext("研修", "修了日"), lambda row: row.completion.completed_on if row.completion else ""),
            (pgettext("研修", "有効期限"), lambda row: row.completion.expires_on if row.completion else ""),
        ),
        rows, about=course,
    )  # fmt: skip


def state_of(row: Assignment, today: date) -> str:
    """The state in the word of the page: what is open and late says so."""
    late = row.is_open and row.due_on < today
    return pgettext("研修", "期限超過") if late else row.get_state_display()
