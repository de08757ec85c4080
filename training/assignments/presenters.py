"""Progress of training: one's own courses, and those of the people one is responsible for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import day_words, era_day
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.web.components.cells import DueCell, LinkCell, StateCell, Words
from municipality.web.components.dates import hours, iso
from municipality.web.components.lists import ListColumn, ListTable, Nothing
from municipality.web.components.states import face
from training.assignments.models import Assignment
from training.courses.models import Course
from training.courses.people import own_people, sees_people
from training.courses.rules import may_manage_courses

if TYPE_CHECKING:
    from django.core.paginator import Page

    from training.completions.models import Completion


@dataclass(frozen=True)
class OwnLine:
    """Assignment of the viewer; `left` are the open days until it is due, negative when late."""

    assignment: Assignment
    left: int | None


def own_lines(member: Member, today: date) -> list[OwnLine]:
    """The viewer's own assignments, open ones first, without cancelled ones."""
    rows = (
        Assignment.objects.visible_to(member)
        .filter(member=member)
        .exclude(state=Assignment.State.CANCELLED)
    )
    assignments = list(rows.select_related("course", "completion").order_by("due_on", "pk"))
    waiting = [row for row in assignments if row.is_open]
    calendar = open_days(member.municipality_id) if waiting else None
    lines = [OwnLine(row, calendar.left(today, row.due_on)) for row in waiting] if calendar else []
    done = sorted(
        ((row.completion.completed_on, row) for row in assignments if row.completion),
        key=lambda pair: pair[0],
        reverse=True,
    )
    return lines + [OwnLine(row, None) for _day, row in done]


def own_listing(member: Member, today: date) -> ListTable:
    """The viewer's own courses."""
    columns = (
        ListColumn(pgettext("研修", "研修名"), "words"),
        ListColumn(pgettext("研修", "期限"), "due"),
        ListColumn(pgettext("研修", "形式")),
        ListColumn(pgettext("研修", "時間"), "whole"),
        ListColumn(pgettext("受講割当", "状態"), "words"),
    )
    rows = [_own_row(line, today) for line in own_lines(member, today)]
    nothing = Nothing(text=_("割り当てられた研修はありません。"))
    return ListTable(columns, rows, nothing, today=today)


def _own_row(line: OwnLine, today: date) -> tuple[Any, ...]:
    row = line.assignment
    name: list[list[Any]] = [[LinkCell(str(row.course), row.get_absolute_url())]]
    if row.reason and row.is_open:
        name.append([Words(row.reason, "small")])
    return (
        name,
        DueCell(row.due_on, line.left) if row.is_open else row.due_on,
        row.course.get_mode_display(),
        hours(row.course.minutes),
        _standing(row, today),
    )


def _standing(row: Assignment, today: date) -> list[list[StateCell | str | Words]]:
    lines: list[list[StateCell | str | Words]] = [[StateCell(*face(row))]]
    if row.completion:
        day = day_words(row.completion.completed_on, today)
        lines[0] += [" ", Words(day, "whole")]
    if row.completion and (until := row.completion.expires_on):
        lines.append([_("%(day)sまで有効") % {"day": era_day(until)}])
    return lines


def courses_with_progress(member: Member, today: date, use: str = "") -> list[Course]:
    """Courses in use; for whoever manages courses also those out of use (`use` "out") or both
    ("all"). For members responsible for people each with the numbers `assigned`, `completed` and
    `late`. Three queries, for others two.
    """
    rows = Course.objects.visible_to(member).prefetch_related("requirements")
    if not may_manage_courses(member) or use != "all":
        rows = rows.filter(is_active=not (may_manage_courses(member) and use == "out"))
    courses: list[Any] = list(rows.order_by("-required_for_pilots", "pk"))
    if not sees_people(member):
        return courses
    counts = _counts(member, today)
    for course in courses:
        course.assigned, waiting, course.late = counts.get(course.pk, (0, 0, 0))
        course.completed = course.assigned - waiting
    return courses


def _counts(member: Member, today: date) -> dict[int, tuple[int, int, int]]:
    """By number of the course how many of one's people are assigned, still wait and are late. At
    most one assignment of a course waits for a person, so that only the first counts people apart.
    """
    mine = Assignment.objects.of(member.municipality_id).filter(member__in=own_people(member))
    waiting = Q(state=Assignment.State.ASSIGNED)
    counted = (
        mine.exclude(state=Assignment.State.CANCELLED)
        .order_by()
        .values("course")
        .annotate(
            assigned=Count("member", distinct=True),
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=waiting & Q(due_on__lt=today)),
        )
    )
    return {
        course: (assigned, waits, late)
        for course, assigned, waits, late in counted.values_list(
            "course", "assigned", "waiting", "late"
        )
    }


def open_for(course: Course, members: Iterable[Member]) -> int:
    """For how many of these members the course is open already."""
    return course.assignments.open().filter(member__in=members).count()


def people_of_course(
    course: Course, member: Member, today: date, state: str = ""
) -> QuerySet[Assignment]:
    """Assignments of the course that the viewer may see, open ones first, each with the person's
    main department.
    """
    rows = Assignment.objects.visible_to(member).filter(course=course).with_home(today)
    rows = rows.filter(state=state) if state else rows.exclude(state=Assignment.State.CANCELLED)
    return rows.select_related("member", "completion").order_by(
        "state", "due_on", "member__kana", "pk"
    )


def people_listing(page: Page, today: date) -> ListTable:
    """People of a course on one page, each with `home_name`, the name of the main department."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "部署"), "whole"),
        ListColumn(pgettext("受講割当", "状態"), "state"),
        ListColumn(pgettext("研修", "期限"), "day"),
        ListColumn(pgettext("研修", "修了日"), "words"),
    )
    return ListTable(
        columns,
        [_person_row(row, today) for row in page],
        page=page if page.has_other_pages() else None,
        today=today,
    )


def _person_row(row: Any, today: date) -> tuple[Any, ...]:
    late = row.is_open and row.due_on < today
    return (
        LinkCell(str(row.member), row.get_absolute_url()),
        row.home_name or None,
        StateCell("bad", pgettext("研修", "期限超過")) if late else StateCell(*face(row)),
        row.due_on,
        (_completed(row.completion, today),) if row.completion else None,
    )


def _completed(completion: Completion, today: date) -> list[str | Words]:
    parts: list[str | Words] = [Words(day_words(completion.completed_on, today), "whole")]
    if completion.expires_on:
        until = _("%(day)sまで有効") % {"day": iso(completion.expires_on)}
        parts += [" ", Words(until, "mark")]
    return parts
