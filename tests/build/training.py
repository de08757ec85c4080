"""Courses, assignments and completions in a named state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from municipality.organisation.models import Member, Municipality
from training.assignments.models import Assignment
from training.assignments.operations import assign_course
from training.completions.models import Completion
from training.completions.operations import complete_course, record_completion
from training.courses.models import Course, CourseRequirement

from .municipality import at

ASSIGNED_AT = at(2026, 10, 1)
DUE_ON = date(2026, 11, 6)


def a_course(
    body: Municipality, code: str = "", title: str = "情報セキュリティ基礎", **fields
) -> Course:
    """An e-learning course of half an hour for everybody, valid for good unless `validity_months`
    says otherwise.
    """
    facts = {
        "mode": "elearning",
        "minutes": 30,
        "audience": ["staff", "manager"],
        "materials": "## 守るもの\n- 端末\n- 画面",
    }
    return Course.objects.create(
        municipality=body,
        code=code or f"K{Course.objects.count() + 1:02d}",
        title=title,
        **{**facts, **fields},
    )


def a_required_course(body: Municipality, code: str = "R01", **fields) -> Course:
    """A course that every participant of a pilot needs, from the beginning while it is in use."""
    course = a_course(
        body, code, fields.pop("title", "テレワーク入門"), required_for_pilots=True, **fields
    )
    if course.is_active:
        CourseRequirement.objects.create(municipality=body, course=course)
    return course


def an_assignment(
    course: Course, member: Member, by: Member, due_on: date = DUE_ON, now: datetime = ASSIGNED_AT
) -> Assignment:
    """The member is to take the course."""
    return assign_course(
        course, members=[member], due_on=due_on, reason="試行の参加前", by=by, now=now
    )[0]


def a_completed_assignment(
    course: Course, member: Member, by: Member, now: datetime = ASSIGNED_AT
) -> Assignment:
    """Assigned, and completed by the office five days later."""
    done = now + timedelta(days=5)
    return complete_course(
        an_assignment(course, member, by, now=now), completed_on=done.date(), by=by, now=done
    )


def a_completion(
    course: Course, member: Member, completed_on: date = date(2026, 10, 5), score: int | None = None
) -> Completion:
    """The member completed the course, without an assignment."""
    return record_completion(
        course, member, completed_on=completed_on, score=score, source=Completion.Source.OFFICE
    )
