"""The pages of one department's assessment, and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.web.forms import edition_of
from municipality.web.pages import done, page, show, valid
from rollout.readiness.forms.answers import AnswersForm, ReturnAnswersForm, ReviewAnswersForm
from rollout.readiness.models import Assessment, Axis
from rollout.readiness.operations import answers as operations_answers
from rollout.readiness.operations import reviews as operations_reviews
from rollout.readiness.operations.answers import refuse_unless_answering
from rollout.readiness.operations.reviews import refuse_unless_submitted
from rollout.readiness.presenters.axes import answering_tabs, reviewing_tabs
from rollout.readiness.presenters.listings import results_listing
from rollout.readiness.presenters.sheet import AssessmentSheet
from rollout.readiness.rules import may_confirm, may_extend, may_fill_in, may_review, may_submit

JOINED = "department round municipality returned_by"


@page(anyone, of=Assessment, related=f"{JOINED} submitted_by confirmed_by")
def assessment(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """One department's assessment: what comes next, the result by axis, and the answers."""
    sheet = AssessmentSheet(assessment, request.member)
    return show(
        request,
        "rollout/readiness/assessment.html",
        {
            "sheet": sheet,
            "results": results_listing(sheet) if sheet.shows_answers else None,
            "assessment": assessment,
            "late": sheet.late(request.today),
            "may_extend": may_extend(request.member, assessment),
        },
    )


@page(may_fill_in, of=Assessment, methods="GET POST", related=JOINED)
def answers(request: HttpRequest, assessment: Assessment, axis: str) -> HttpResponse:
    """Questions of one axis; saved half-way or on to the next axis."""
    refuse_unless_answering(assessment)
    sheet = AssessmentSheet(assessment, request.member)
    form = AnswersForm(request.POST or None, assessment=assessment, answers=_of_axis(sheet, axis))
    if valid(request, form):
        values = {"levels": form.levels, "edition": form.cleaned_data["edition"]}
        operations_answers.save_answers(assessment, by=request.member, now=request.now, **values)
        return done(
            request, _("保存しました。"), _onward(request, assessment, "rollout:answers", axis)
        )
    more = {"tabs": answering_tabs(sheet, axis)}
    return show(request, "rollout/readiness/answers.html", _form_context(sheet, form, axis) | more)


@page(may_review, of=Assessment, methods="GET POST", related=JOINED)
def review(request: HttpRequest, assessment: Assessment, axis: str) -> HttpResponse:
    """The answers of one axis beside the reviewer's own levels."""
    refuse_unless_submitted(assessment)
    sheet = AssessmentSheet(assessment, request.member)
    form = ReviewAnswersForm(
        request.POST or None,
        assessment=assessment,
        answers=_of_axis(sheet, axis),
        names=sheet.shows_names,
    )
    if valid(request, form):
        values = {"reviewed": form.levels, "edition": form.cleaned_data["edition"]}
        operations_reviews.save_review(assessment, by=request.member, now=request.now, **values)
        return done(
            request, _("保存しました。"), _onward(request, assessment, "rollout:review", axis)
        )
    more = {"tabs": reviewing_tabs(sheet, axis)}
    return show(request, "rollout/readiness/review.html", _form_context(sheet, form, axis) | more)


def _of_axis(sheet: AssessmentSheet, axis: str) -> list:
    """The answers of the axis in the address. Http404 when there is no such axis."""
    answers = [answer for answer in sheet.answers if answer.criterion.axis == axis]
    if not answers:
        raise Http404
    return answers


def _form_context(sheet: AssessmentSheet, form: Any, axis: str) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "assessment": sheet.assessment,
        "form": form,
        "axis": Axis(axis),
        "is_last": axis == Axis.values[-1],
    }


def _onward(request: HttpRequest, assessment: Assessment, name: str, axis: str) -> str:
    """Redirect to the next axis; to the assessment after the last one, or when the person wants to
    stop.
    """
    following = dict(zip(Axis.values, Axis.values[1:], strict=False)).get(axis)
    if following is None or "draft" in request.POST:
        return assessment.get_absolute_url()
    return reverse(name, args=[assessment.municipality_id, assessment.pk, following])


@page(may_submit, of=Assessment, methods="POST", related=JOINED)
def submit(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Submit to the office; the button carries the edition of its page."""
    operations_answers.submit_assessment(
        assessment, by=request.member, now=request.now, edition=edition_of(request)
    )
    return done(request, _("提出しました。事務局が確認します。"), assessment)


@page(may_confirm, of=Assessment, methods="POST", related=JOINED)
def confirm(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Confirm as reviewed; the button carries the edition of its page."""
    operations_reviews.confirm_assessment(
        assessment, by=request.member, now=request.now, edition=edition_of(request)
    )
    return done(request, _("確定しました。所属長に知らせました。"), assessment)


@page(may_confirm, of=Assessment, methods="GET POST", related=JOINED)
def return_(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Send the answers back to the department, with the reason, as a whole and item by item."""
    refuse_unless_submitted(assessment)
    sheet = AssessmentSheet(assessment, request.member)
    form = ReturnAnswersForm(request.POST or None, assessment=assessment, answers=sheet.answers)
    if valid(request, form):
        said = {name: form.cleaned_data[name] for name in ("remark", "edition")}
        operations_reviews.return_assessment(
            assessment, **said, remarks=form.remarks, by=request.member, now=request.now
        )
        return done(request, _("差し戻しました。所属長に知らせました。"), assessment)
    return show(request, "rollout/readiness/return.html", {"form": form, "assessment": assessment})
