"""People whose completion is recorded together, and the completions that were voided."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from municipality.organisation.models import Member
from training.assignments.models import Assignment
from training.completions.models import Completion
from training.courses.models import Course


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
