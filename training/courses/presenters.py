"""The lists of courses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import era_day
from municipality.core.name_lists import all_names
from municipality.web.components.cells import LinkCell, Words
from municipality.web.components.dates import hours
from municipality.web.components.lists import ListColumn, ListTable
from training.courses.models import Course


def course_columns() -> Sequence[ListColumn]:
    """What a list says of every course."""
    return (
        ListColumn(pgettext("研修", "研修名"), "words"),
        ListColumn(pgettext("研修", "対象"), wide=True),
        ListColumn(pgettext("研修", "形式")),
        ListColumn(pgettext("研修", "時間"), "whole"),
    )


def required_words(course: Course, today: date) -> str:
    """Whether it is required before a pilot, from when or until when; empty when it is not."""
    period = course.requirement_from(today)
    if period is None:
        return ""
    if not period.holds_on(today):
        return _("%(day)sから試行の前に必須") % {"day": era_day(period.starts_on)}
    if period.ends_on:
        return _("%(day)sまで試行の前に必須") % {"day": era_day(period.ends_on)}
    return _("試行の前に必須")


def course_cells(course: Course, required: str, *, linked: bool = True) -> tuple[Any, ...]:
    """The cells of `course_columns`; a course that is not there yet has no page."""
    name: list[Any] = [LinkCell(str(course), course.get_absolute_url()) if linked else str(course)]
    if required:
        name += [" ", Words(required, "kind")]
    if not course.is_active:
        name += [" ", Words(_("使わない研修"), "kind")]
    return (
        [name],
        all_names(str(each) for each in course.audience_names),
        course.get_mode_display(),
        hours(course.minutes),
    )


def starter_listing(courses: Iterable[Course]) -> ListTable:
    """The courses that come with the product and are not registered yet."""
    rows = [
        course_cells(
            course, _("試行の前に必須") if course.required_for_pilots else "", linked=False
        )
        for course in courses
    ]
    return ListTable(course_columns(), rows, pairs=True)


def courses_listing(courses: Iterable[Any], today: date, *, sees_people: bool) -> ListTable:
    """The courses; for those who answer for people with how far these are."""
    columns = list(course_columns())
    if sees_people:
        columns += [
            ListColumn(_("修了 / 割当"), "number"),
            ListColumn(pgettext("研修", "期限超過"), "number"),
        ]
    rows = [
        (
            *course_cells(each, required_words(each, today)),
            *(_progress(each) if sees_people else ()),
        )
        for each in courses
    ]
    return ListTable(columns, rows, pairs=True)


def _progress(course: Any) -> tuple[Any, Any]:
    if not course.assigned:
        return None, None
    assigned = _("%(n)s人") % {"n": course.assigned}
    late = Words(_("%(n)s人") % {"n": course.late}, "late") if course.late else 0
    return f"{course.completed} / {assigned}", late
