"""People of a course as a file."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.exports import Export
from training.assignments.models import Assignment
from training.courses.models import Course


def assignments(course: Course, rows: QuerySet[Assignment], today: date) -> Export:
    """Assignments of a course with their state."""
    return Export(
        "assignments",
        _("受講の状況"),
        (
            (pgettext("人", "氏名"), lambda row: row.member.name),
            (pgettext("組織", "部署"), lambda row: row.home_name),
            (pgettext("受講割当", "状態"), lambda row: state_of(row, today)),
            (pgettext("研修", "期限"), lambda row: row.due_on),
            (
                pgettext("研修", "修了日"),
                lambda row: row.completion.completed_on if row.completion else "",
            ),
            (
                pgettext("研修", "有効期限"),
                lambda row: row.completion.expires_on if row.completion else "",
            ),
        ),
        rows,
        about=course,
    )


def state_of(row: Assignment, today: date) -> str:
    """State in the words of the page, which marks late assignments."""
    late = row.is_open and row.due_on < today
    return pgettext("研修", "期限超過") if late else row.get_state_display()
