"""People whose completion is recorded together, and the completions that were recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from municipality.organisation.models import Member
from municipality.web.components.cells import LinkCell
from municipality.web.components.lists import ListColumn, ListTable
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.courses.models import Course

if TYPE_CHECKING:
    from django.core.paginator import Page


def class_rows(course: Course, member: Member, today: date) -> QuerySet[Assignment]:
    """Assignments of the course that were not cancelled, each with the person's main department."""
    rows = Assignment.objects.visible_to(member).filter(course=course).with_home(today)
    rows = rows.exclude(state=Assignment.State.CANCELLED)
    return rows.select_related("member").order_by("member__kana", "pk")


def voided_completions(assignment: Assignment) -> list[Completion]:
    """Voided completions of the assignment's person and course, the latest first. They hang on a
    row that was seen.
    """
    rows = assignment.course.completions.filter(member=assignment.member_id)
    return list(rows.filter(voided_at__isnull=False).order_by("-voided_at"))


def completions_recorded(
    member: Member, today: date, chosen: Mapping[str, str]
) -> QuerySet[Completion]:
    """Completions that the viewer may see, the latest first, each with the person's main
    department: those that stand and closed no assignment, unless others are `chosen`.
    """
    rows = Completion.objects.visible_to(member).with_home(today)
    which = chosen.get("which", "")
    rows = rows.filter(voided_at__isnull=False) if which == "voided" else rows.standing()
    if not which:
        rows = rows.without_assignment()
    rows = rows.filter(**{name: chosen[name] for name in ("course", "source") if name in chosen})
    return rows.select_related("member", "course").order_by("-completed_on", "member__kana", "pk")


def completions_listing(page: Page, today: date) -> ListTable:
    """One page of completions, each with `home_name`."""
    columns = (
        ListColumn(pgettext("人", "氏名"), "link"),
        ListColumn(pgettext("組織", "部署"), "whole"),
        ListColumn(pgettext("研修", "研修名")),
        ListColumn(pgettext("研修", "修了日"), "day"),
        ListColumn(pgettext("修了の記録", "記録の元")),
        ListColumn(pgettext("研修", "取消しの日"), "day"),
    )
    rows = [_completion_row(row) for row in page]
    shown = page if page.has_other_pages() else None
    return ListTable(columns, rows, page=shown, today=today)


def _completion_row(row: Any) -> tuple[Any, ...]:
    return (
        LinkCell(str(row.member), row.get_absolute_url()),
        row.home_name or None,
        str(row.course),
        row.completed_on,
        row.get_source_display(),
        timezone.localdate(row.voided_at) if row.voided_at else None,
    )
