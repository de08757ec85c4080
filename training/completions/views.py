"""Page of one assignment, and recording its completion."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.web.pages import done, page, show, valid
from training.assignments.models import Assignment
from training.assignments.rules import may_cancel
from training.completions import operations as completions_operations
from training.completions.forms import CompletionForm, ReadForm
from training.completions.rules import may_complete
from training.courses.materials import blocks

JOINED = "course member completion municipality"


@page(anyone, of=Assignment, related=JOINED)
def assignment(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Assignment of one person: the material, and the way to complete it."""
    return _assignment_page(request, assignment, _completion_form(request, assignment))


def _completion_form(
    request: HttpRequest, assignment: Assignment, data: Any = None
) -> ReadForm | CompletionForm:
    """Confirmation of the person for e-learning; date and score for the office otherwise."""
    if assignment.member_id == request.member.pk and assignment.course.is_self_paced:
        return ReadForm(data)
    return CompletionForm(data, today=request.today)


def _assignment_page(request: HttpRequest, assignment: Assignment, form: Any) -> HttpResponse:
    context = {
        "assignment": assignment,
        "course": assignment.course,
        "blocks": blocks(assignment.course.text),
        "form": form,
    }
    context["may_complete"] = may_complete(request.member, assignment)
    context["may_cancel"] = may_cancel(request.member, assignment)
    context["is_own"] = assignment.member_id == request.member.pk
    return show(request, "training/completions/assignment.html", context)


@page(may_complete, of=Assignment, methods="POST", related=JOINED)
def complete(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Complete it, as the person or as the office."""
    form = _completion_form(request, assignment, request.POST)
    if not valid(request, form):
        return _assignment_page(request, assignment, form)
    day, points = (
        form.cleaned_data.get("completed_on", request.today),
        form.cleaned_data.get("score"),
    )
    completions_operations.complete_course(
        assignment, completed_on=day, score=points, by=request.member, now=request.now
    )
    return done(request, _("修了を記録しました。"), assignment)
