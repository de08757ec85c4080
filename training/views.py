"""The pages of 研修: one's own courses, the courses of the body, one course with its people, one assignment."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.models import Department, Member
from municipality.pages import done, page, show, valid
from municipality.rules import anyone

from . import exports, operations
from .catalogue import starter_courses
from .forms import AssignForm, CompletionForm, CourseEditForm, CourseForm, ReadForm, StateFilter
from .materials import blocks
from .models import Assignment, Course
from .people import sees_people
from .progress import courses_with_progress, own_lines, people_of_course
from .rules import may_cancel, may_complete, may_manage_courses

PER_PAGE = 50
JOINED = "course member completion municipality"


@page(anyone)
def training(request: HttpRequest) -> HttpResponse:
    """研修: what one has to take, then the courses with how far one's people are."""
    people, courses = sees_people(request.member), list(courses_with_progress(request.member, request.today))
    facts = {
        "own": own_lines(request.member, request.today),
        "courses": courses,
        "sees_people": people,
        "export": exports.courses(courses, people=people),
        "may_manage": may_manage_courses(request.member),
    }
    return show(request, "training/training.html", facts)


@page(anyone, of=Course)
def course(request: HttpRequest, course: Course) -> HttpResponse:
    """One course: what it is, its material, one's own assignment and one's people."""
    facts: dict[str, Any] = {
        "course": course,
        "blocks": blocks(course.text),
        "sees_people": sees_people(request.member),
    }
    facts["own"] = course.assignments.open().filter(member=request.member).first()
    facts["may_manage"] = may_manage_courses(request.member)
    if facts["sees_people"]:
        asked = StateFilter(request.GET)
        people = people_of_course(course, request.member, request.today, asked.data.get("state", ""))
        listed = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
        facts |= {"rows": listed, "filter": asked, "is_filtered": bool(asked.data.get("state"))}
        facts["export"] = exports.assignments(course, people, request.today)
    return show(request, "training/course.html", facts)


@page(may_manage_courses, methods="GET POST")
def create_course(request: HttpRequest) -> HttpResponse:
    """A new course."""
    form = CourseForm(request.POST or None)
    if valid(request, form):
        course = operations.create_course(request.municipality, by=request.member, **form.facts())
        return done(request, _("研修「%(course)s」を追加しました。") % {"course": course}, course)
    return show(request, "training/course_form.html", {"form": form})


@page(may_manage_courses, of=Course, methods="GET POST")
def edit_course(request: HttpRequest, course: Course) -> HttpResponse:
    """Change a course."""
    form = CourseEditForm(request.POST or None, initial=CourseEditForm.initial_of(course))
    if valid(request, form):
        edition = form.cleaned_data["edition"]
        operations.update_course(course, edition=edition, by=request.member, **form.facts())
        return done(request, _("研修「%(course)s」を変更しました。") % {"course": course}, course)
    return show(request, "training/course_form.html", {"form": form, "course": course})


@page(may_manage_courses, methods="GET POST")
def add_starter_courses(request: HttpRequest) -> HttpResponse:
    """The courses that come with the product: what would be added, then adding them."""
    if request.method == "GET":
        return show(request, "training/starter.html", {"courses": starter_courses(request.municipality)})
    count = operations.add_starter_courses(request.municipality, by=request.member)
    words = ngettext("標準の研修を%(count)s件追加しました。", "標準の研修を%(count)s件追加しました。", count)
    return done(request, words % {"count": count}, reverse("training:training", args=[request.municipality.pk]))


@page(may_manage_courses, of=Course, methods="GET POST")
def assign(request: HttpRequest, course: Course) -> HttpResponse:
    """Who is to take the course by when."""
    departments = Department.objects.visible_to(request.member).on(request.today)
    people = Member.objects.visible_to(request.member)
    form = AssignForm(request.POST or None, course=course, departments=departments, people=people, today=request.today)
    if valid(request, form):
        chosen = list(form.chosen)
        facts = {"members": chosen, "due_on": form.cleaned_data["due_on"], "reason": form.cleaned_data["reason"]}
        made = operations.assign_course(course, by=request.member, now=request.now, **facts)
        return done(request, _assigned_words(len(made), len(chosen) - len(made)), course)
    return show(request, "training/assign.html", {"form": form, "course": course})


def _assigned_words(made: int, held: int) -> str:
    words = ngettext("%(made)s人に割り当てました。", "%(made)s人に割り当てました。", made) % {"made": made}
    if held:
        words += ngettext(
            "すでに割り当ててある%(held)s人は除きました。", "すでに割り当ててある%(held)s人は除きました。", held
        ) % {"held": held}
    return words


@page(anyone, of=Assignment, related=JOINED)
def assignment(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """One person's assignment: the material, and the way to complete it."""
    return _assignment_page(request, assignment, _completion_form(request, assignment))


def _completion_form(request: HttpRequest, assignment: Assignment, data: Any = None) -> ReadForm | CompletionForm:
    """The person's own tick for e-learning, the office's date and score otherwise."""
    if assignment.member_id == request.member.pk and assignment.course.is_self_paced:
        return ReadForm(data)
    return CompletionForm(data, today=request.today)


def _assignment_page(request: HttpRequest, assignment: Assignment, form: Any) -> HttpResponse:
    facts = {
        "assignment": assignment,
        "course": assignment.course,
        "blocks": blocks(assignment.course.text),
        "form": form,
    }
    facts["may_complete"] = may_complete(request.member, assignment)
    facts["may_cancel"] = may_cancel(request.member, assignment)
    facts["is_own"] = assignment.member_id == request.member.pk
    return show(request, "training/assignment.html", facts)


@page(may_complete, of=Assignment, methods="POST", related=JOINED)
def complete(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """修了する, by oneself or by the office."""
    form = _completion_form(request, assignment, request.POST)
    if not valid(request, form):
        return _assignment_page(request, assignment, form)
    day, points = form.cleaned_data.get("completed_on", request.today), form.cleaned_data.get("score")
    operations.complete_course(assignment, completed_on=day, score=points, by=request.member, now=request.now)
    return done(request, _("修了を記録しました。"), assignment)


@page(may_cancel, of=Assignment, methods="POST", related=JOINED)
def cancel(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Take the assignment back."""
    operations.cancel_assignment(assignment, by=request.member, now=request.now)
    return done(request, _("割当てを取り消しました。"), assignment.course)
