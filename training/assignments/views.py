"""Pages of 研修: one's own courses, one course with its people, and assigning it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.core.refusals import anyone
from municipality.organisation.models import Department, Member
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of
from training.assignments import exports as assignments_exports
from training.assignments import operations as assignments_operations
from training.assignments.forms import AssignForm, StateFilter, UseFilter
from training.assignments.models import Assignment
from training.assignments.presenters import (
    courses_with_progress,
    open_for,
    own_listing,
    people_listing,
    people_of_course,
)
from training.assignments.rules import may_cancel
from training.courses import exports as courses_exports
from training.courses.materials import blocks
from training.courses.models import Course
from training.courses.people import sees_people
from training.courses.presenters import courses_listing
from training.courses.rules import may_manage_courses

JOINED = "course member completion municipality"


@page(anyone)
def training(request: HttpRequest) -> HttpResponse:
    """研修: one's own courses to complete, then all courses with the progress of one's people."""
    people = sees_people(request.member)
    asked = UseFilter(request.GET)
    courses = courses_with_progress(request.member, request.today, asked.data.get("use", ""))
    context = {
        "filter": asked,
        "is_filtered": bool(asked.data.get("use")),
        "own": own_listing(request.member, request.today),
        "courses": courses_listing(courses, request.today, sees_people=people),
        "sees_people": people,
        "export": courses_exports.courses(courses, request.today, people=people),
        "may_manage": may_manage_courses(request.member),
    }
    return show(request, "training/assignments/training.html", context)


@page(anyone, of=Course)
def course(request: HttpRequest, course: Course) -> HttpResponse:
    """One course: description, material, one's own assignment and one's people."""
    period = course.requirement_from(request.today)
    context: dict[str, Any] = {
        "course": course,
        "blocks": blocks(course.text),
        "sees_people": sees_people(request.member),
        "period": period,
        "is_required": period is not None and period.holds_on(request.today),
    }
    context["own"] = course.assignments.open().filter(member=request.member).first()
    context["may_manage"] = may_manage_courses(request.member)
    if context["sees_people"]:
        asked = StateFilter(request.GET)
        people = people_of_course(
            course, request.member, request.today, asked.data.get("state", "")
        )
        listed = page_of(people, request.GET.get("page"))
        context |= {"rows": listed, "filter": asked, "is_filtered": bool(asked.data.get("state"))}
        context["listing"] = people_listing(listed, request.today)
        context["export"] = assignments_exports.assignments(course, people, request.today)
    return show(request, "training/assignments/course.html", context)


@page(may_manage_courses, of=Course, methods="GET POST")
def assign(request: HttpRequest, course: Course) -> HttpResponse:
    """Assign the course to people."""
    departments = Department.objects.visible_to(request.member).on(request.today)
    people = Member.objects.visible_to(request.member)
    form = AssignForm(
        request.POST or None,
        course=course,
        departments=departments,
        people=people,
        today=request.today,
    )
    context: dict[str, Any] = {"form": form, "course": course}
    if not valid(request, form):
        return show(request, "training/assignments/assign.html", context)
    chosen = list(form.chosen)
    fresh = len(chosen) - open_for(course, chosen)
    if course.is_active and not form.is_counted(fresh):
        form.expecting(fresh)
        context |= {"fresh": fresh, "held": len(chosen) - fresh}
        return show(request, "training/assignments/assign.html", context)
    values = {name: form.cleaned_data[name] for name in ("due_on", "reason")}
    made = assignments_operations.assign_course(
        course, members=chosen, by=request.member, now=request.now, **values
    )
    return done(request, _assigned_words(len(made), len(chosen) - len(made)), course)


def _assigned_words(made: int, held: int) -> str:
    words = ngettext("%(made)s人に割り当てました。", "%(made)s人に割り当てました。", made) % {
        "made": made
    }
    if held:
        words += ngettext(
            "すでに割り当ててある%(held)s人は除きました。",
            "すでに割り当ててある%(held)s人は除きました。",
            held,
        ) % {"held": held}
    return words


@page(may_cancel, of=Assignment, methods="POST", related=JOINED)
def cancel(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Cancel the assignment."""
    assignments_operations.cancel_assignment(assignment, by=request.member, now=request.now)
    return done(request, _("割当てを取り消しました。"), assignment.course)
