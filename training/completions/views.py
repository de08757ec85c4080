"""Page of one assignment, recording completions of one or many, and voiding one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of
from training.assignments.models import Assignment
from training.assignments.rules import may_cancel
from training.completions import exports as completions_exports
from training.completions import operations as completions_operations
from training.completions.forms import (
    ClassForm,
    CompletionFilter,
    CompletionForm,
    ReadForm,
    VoidForm,
)
from training.completions.models import Completion
from training.completions.presenters import (
    class_rows,
    completions_listing,
    completions_recorded,
    voided_completions,
)
from training.completions.rules import may_complete, may_list_completions, may_void
from training.courses.materials import blocks
from training.courses.models import Course
from training.courses.rules import may_manage_courses

JOINED = "course member completion municipality"

RECORDED = "course member municipality"


@page(anyone, of=Assignment, related=JOINED)
def assignment(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Assignment of one person: the material, and the way to complete it."""
    return _assignment_page(request, assignment)


def _completion_form(
    request: HttpRequest, assignment: Assignment, data: Any = None
) -> ReadForm | CompletionForm:
    """Confirmation of the person for e-learning; date and score for the office otherwise."""
    if assignment.member_id == request.member.pk and assignment.course.is_self_paced:
        return ReadForm(data)
    return CompletionForm(data, today=request.today, assignment=assignment)


def _assignment_page(
    request: HttpRequest, assignment: Assignment, form: Any = None
) -> HttpResponse:
    context = {
        "assignment": assignment,
        "course": assignment.course,
        "blocks": blocks(assignment.course.text),
        "form": form or _completion_form(request, assignment),
        "voided": voided_completions(assignment),
    }
    context["may_complete"] = may_complete(request.member, assignment)
    context["may_cancel"] = may_cancel(request.member, assignment)
    context["is_own"] = assignment.member_id == request.member.pk
    status = 422 if form else 200
    return show(request, "training/completions/assignment.html", context, status=status)


@page(may_complete, of=Assignment, methods="POST", related=JOINED)
def complete(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Complete it, as the person or as the office."""
    form = _completion_form(request, assignment, request.POST)
    if not valid(request, form):
        return _assignment_page(request, assignment, form)
    cleaned = form.cleaned_data
    completions_operations.complete_course(
        assignment,
        completed_on=cleaned.get("completed_on", request.today),
        score=cleaned.get("score"),
        earlier=cleaned.get("earlier", False),
        by=request.member,
        now=request.now,
    )
    return done(request, _("修了を記録しました。"), assignment)


@page(may_list_completions)
def completions(request: HttpRequest) -> HttpResponse:
    """Completions of the body, those without an assignment first, narrowed by the filters."""
    asked = CompletionFilter(request.GET, courses=Course.objects.visible_to(request.member))
    rows = completions_recorded(request.member, request.today, asked.chosen)
    listed = page_of(rows, request.GET.get("page"))
    context = {
        "filter": asked,
        "rows": listed,
        "listing": completions_listing(listed, request.today),
        "export": completions_exports.completions(rows),
    }
    return show(request, "training/completions/completions.html", context)


@page(anyone, of=Completion, related=RECORDED)
def completion(request: HttpRequest, completion: Completion) -> HttpResponse:
    """One completion as it was recorded, and the way to void it."""
    return _completion_page(request, completion, VoidForm())


def _completion_page(
    request: HttpRequest, completion: Completion, form: VoidForm, status: int = 200
) -> HttpResponse:
    context = {
        "completion": completion,
        "assignment": completion.assignments.last(),
        "form": form,
        "may_void": may_void(request.member, completion),
    }
    return show(request, "training/completions/completion.html", context, status=status)


@page(may_void, of=Completion, methods="POST", related=RECORDED)
def void(request: HttpRequest, completion: Completion) -> HttpResponse:
    """Void the completion, with the reason."""
    form = VoidForm(request.POST)
    if not valid(request, form):
        return _completion_page(request, completion, form, 422)
    completions_operations.void_completion(
        completion, reason=form.cleaned_data["reason"], by=request.member, now=request.now
    )
    return done(request, _("修了を取り消しました。"), completion)


@page(may_manage_courses, of=Course, methods="GET POST")
def record_class(request: HttpRequest, course: Course) -> HttpResponse:
    """Record that several people completed the course on the same day."""
    rows = class_rows(course, request.member, request.today)
    form = ClassForm(request.POST or None, today=request.today, rows=rows)
    if not valid(request, form):
        return show(
            request, "training/completions/record_class.html", {"form": form, "course": course}
        )
    cleaned = form.cleaned_data
    recorded = completions_operations.complete_class(
        course,
        cleaned["people"],
        completed_on=cleaned["completed_on"],
        earlier=cleaned.get("earlier", False),
        by=request.member,
        now=request.now,
    )
    return done(request, _recorded_words(len(recorded)), course)


def _recorded_words(count: int) -> str:
    if not count:
        return _("選んだ人の修了は、すでに記録されています。")
    words = ngettext("%(n)s人の修了を記録しました。", "%(n)s人の修了を記録しました。", count)
    return words % {"n": count}
