"""The story's training: who was asked to take which course, and who did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dashboard.demo.organisation import Body, at
from municipality.organisation.models import Member
from training.assignments.models import Assignment
from training.assignments.operations import assign_course
from training.completions.operations import complete_course
from training.courses.models import Course
from training.courses.operations import add_starter_courses


def load_courses_of(body: Body) -> None:
    """Load the starter courses and the managers' training; participants learn when their pilot is
    planned.
    """
    add_starter_courses(body.body, by=body.office, now=at(body.day(-7, 6)))
    leaders = [body.manager(unit.code) for unit in body.plan.answering]
    learn(
        body,
        ["M01", "M02"],
        leaders,
        given=body.day(-7, 6),
        due=body.day(-6, 10),
        done=body.day(-6, 4),
    )


def learn(
    body: Body, codes: list[str], members: Iterable[Member], *, given: date, due: date, done: date
) -> None:
    """Assign the courses, and complete them: e-learning by oneself, the others as the office
    tells.
    """
    members = list(members)
    for code in codes:
        course = Course.objects.get(municipality=body.body, code=code)
        rows = assign_course(
            course, members=members, due_on=due, reason="試行の準備", by=body.office, now=at(given)
        )
        for row in rows:
            by = body.actor(row.member) if course.is_self_paced else body.office
            complete_course(
                row,
                completed_on=done,
                by=by,
                now=at(done, 13),
                score=body.rng.choice((None, 80, 90, 100)),
            )


def complete_required(body: Body, *, done: date) -> None:
    """Complete the courses that came of the consents, and those of the lead."""
    courses = Course.objects.of(body.body).prefetch_related("requirements")
    required = [course for course in courses if course.is_required_on(done)]
    waiting = Assignment.objects.of(body.body).open().filter(course__in=required)
    for row in waiting.select_related("course", "member").order_by("course__code", "pk"):
        complete_course(
            row,
            completed_on=done,
            by=body.actor(row.member) if row.course.is_self_paced else body.office,
            now=at(done, 13),
            score=body.rng.choice((None, 80, 90, 100)),
        )


def assign_due_now(body: Body) -> None:
    """Assign what stands open: a course for the office's own department, and for those of the next
    wave.
    """
    home = body.people[body.plan.office]
    course = Course.objects.get(municipality=body.body, code="S01")
    rows = assign_course(
        course,
        members=home,
        due_on=body.ahead(4),
        reason="年1回の受講",
        by=body.office,
        now=at(body.ago(12)),
    )
    for row in rows[: len(rows) * 2 // 3]:
        if row.member_id not in {body.part["staff"].pk, body.part["manager"].pk}:
            done = body.ago(body.rng.randint(1, 9))
            complete_course(row, completed_on=done, by=body.actor(row.member), now=at(done, 13))
    late = Course.objects.get(municipality=body.body, code="S02")
    assign_course(
        late,
        members=home[4:8],
        due_on=body.ago(4),
        reason="新しいウェブ会議の導入",
        by=body.office,
        now=at(body.ago(20)),
    )
    for code in body.plan.second:
        basics = Course.objects.get(municipality=body.body, code="T01")
        members = body.people[code][1:7]
        assign_course(
            basics,
            members=members,
            due_on=body.ahead(15),
            reason="次の試行の準備",
            by=body.office,
            now=at(body.ago(3)),
        )
