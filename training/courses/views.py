"""Adding and changing courses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.web.pages import done, page, show, valid
from training.courses import operations as courses_operations
from training.courses.catalogue_file import starter_courses
from training.courses.forms import CourseEditForm, CourseForm
from training.courses.models import Course
from training.courses.presenters import starter_listing
from training.courses.rules import may_manage_courses


@page(may_manage_courses, methods="GET POST")
def create_course(request: HttpRequest) -> HttpResponse:
    """A new course."""
    form = CourseForm(request.today, request.POST or None)
    if valid(request, form):
        course = courses_operations.create_course(
            request.municipality, by=request.member, now=request.now, **form.values()
        )
        return done(request, _("研修「%(course)s」を追加しました。") % {"course": course}, course)
    return show(request, "training/courses/course_form.html", {"form": form})


@page(may_manage_courses, of=Course, methods="GET POST")
def edit_course(request: HttpRequest, course: Course) -> HttpResponse:
    """Change a course."""
    initial = CourseEditForm.initial_of(course)
    form = CourseEditForm(request.today, request.POST or None, initial=initial)
    if valid(request, form):
        edition = form.cleaned_data["edition"]
        courses_operations.update_course(
            course, edition=edition, by=request.member, now=request.now, **form.values()
        )
        return done(request, _("研修「%(course)s」を変更しました。") % {"course": course}, course)
    return show(request, "training/courses/course_form.html", {"form": form, "course": course})


@page(may_manage_courses, methods="GET POST")
def add_starter_courses(request: HttpRequest) -> HttpResponse:
    """Preview of the starter courses to add, then adding them."""
    if request.method == "GET":
        return show(
            request,
            "training/courses/starter.html",
            {"listing": starter_listing(starter_courses(request.municipality))},
        )
    count = courses_operations.add_starter_courses(
        request.municipality, by=request.member, now=request.now
    )
    words = ngettext(
        "標準の研修を%(count)s件追加しました。", "標準の研修を%(count)s件追加しました。", count
    )
    return done(
        request,
        words % {"count": count},
        reverse("training:training", args=[request.municipality.pk]),
    )
