"""The pages of 準備度評価: the board of a round, one department's assessment, and the forms that
change it.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.organisation.models import Department
from municipality.web.components.lists import Tab
from municipality.web.forms import EditionForm
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of
from rollout.readiness import exports
from rollout.readiness.forms import (
    AnswersForm,
    BoardFilter,
    ReturnAnswersForm,
    ReviewAnswersForm,
    RoundForm,
)
from rollout.readiness.models import Assessment, Axis, Criterion, Round
from rollout.readiness.operations import answering as operations_answering
from rollout.readiness.operations import reviewing as operations_reviewing
from rollout.readiness.operations import rounds as operations_rounds
from rollout.readiness.operations.answering import refuse_unless_answering
from rollout.readiness.operations.reviewing import refuse_unless_submitted
from rollout.readiness.presenters.board import RoundBoard
from rollout.readiness.presenters.sheet import AssessmentSheet
from rollout.readiness.rules import may_confirm, may_fill_in, may_open_round, may_review, may_submit

ROUNDS_SHOWN = 6

JOINED = "department round municipality"


@page(anyone)
def readiness(request: HttpRequest) -> HttpResponse:
    """準備度評価: one round, the newest unless another is asked for, with every department in
    sight.
    """
    rounds = list(Round.objects.visible_to(request.member))
    chosen = BoardFilter(request.GET)
    round_ = _chosen(rounds, chosen.data.get("round"))
    if round_ is None:
        return show(
            request,
            "rollout/readiness/readiness_none.html",
            {"may_open": may_open_round(request.member)},
        )
    board = RoundBoard(round_, request.member)
    rows = board.rows(chosen.data.get("state", ""))
    listed = page_of(rows, request.GET.get("page"))
    context = {
        "board": board,
        "round": round_,
        "rows": listed,
        "total": len(rows),
        "filter": chosen,
    }
    more = {
        "tabs": _tabs(rounds, round_),
        "axes": list(Axis),
        "may_open": may_open_round(request.member),
    }
    more["export"] = exports.board(round_, rows)
    return show(request, "rollout/readiness/readiness.html", {**context, **more})


def _chosen(rounds: list[Round], asked: str | None) -> Round | None:
    if asked:
        return next((row for row in rounds if str(row.pk) == asked), rounds[0] if rounds else None)
    return rounds[0] if rounds else None


def _tabs(rounds: list[Round], current: Round) -> list[Tab]:
    return [
        Tab(row.name, row.get_absolute_url(), current=row == current)
        for row in rounds[:ROUNDS_SHOWN]
    ]


@page(may_open_round, methods="GET POST")
def open_round(request: HttpRequest) -> HttpResponse:
    """A new round: name, due date, departments."""
    asked = Department.objects.visible_to(request.member).on(request.today).answering()
    form = RoundForm(
        request.POST or None,
        municipality=request.municipality,
        departments=asked,
        today=request.today,
    )
    if valid(request, form):
        values = {
            "name": form.cleaned_data["name"],
            "due_on": form.cleaned_data["due_on"],
            "departments": form.chosen,
        }
        round_ = operations_rounds.open_round(
            request.municipality, by=request.member, now=request.now, **values
        )
        return done(request, _("「%(round)s」を始めました。") % {"round": round_}, round_)
    running = Round.objects.visible_to(request.member).filter(state=Round.State.OPEN).first()
    criteria = Criterion.objects.visible_to(request.member).count()
    return show(
        request,
        "rollout/readiness/round_form.html",
        {"form": form, "running": running, "criteria": criteria},
    )


@page(may_open_round, of=Round, methods="POST")
def close_round(request: HttpRequest, round_: Round) -> HttpResponse:
    """Close the round for answers."""
    operations_rounds.close_round(round_, by=request.member, now=request.now)
    return done(request, _("「%(round)s」を終了しました。") % {"round": round_}, round_)


@page(anyone, of=Assessment, related=f"{JOINED} submitted_by confirmed_by")
def assessment(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """One department's assessment: what comes next, the result by axis, and the answers."""
    return show(
        request,
        "rollout/readiness/assessment.html",
        {"sheet": AssessmentSheet(assessment, request.member), "assessment": assessment},
    )


@page(may_fill_in, of=Assessment, methods="GET POST", related=JOINED)
def answers(request: HttpRequest, assessment: Assessment, axis: str) -> HttpResponse:
    """Questions of one axis; saved half-way or on to the next axis."""
    refuse_unless_answering(assessment)
    sheet = AssessmentSheet(assessment, request.member)
    form = AnswersForm(request.POST or None, assessment=assessment, answers=_of_axis(sheet, axis))
    if valid(request, form):
        values = {"levels": form.levels, "edition": form.cleaned_data["edition"]}
        operations_answering.save_answers(assessment, by=request.member, now=request.now, **values)
        return done(
            request, _("保存しました。"), _onward(request, assessment, "rollout:answers", axis)
        )
    return show(request, "rollout/readiness/answers.html", _form_context(sheet, form, axis))


@page(may_review, of=Assessment, methods="GET POST", related=JOINED)
def review(request: HttpRequest, assessment: Assessment, axis: str) -> HttpResponse:
    """The answers of one axis beside the reviewer's own levels."""
    refuse_unless_submitted(assessment)
    sheet = AssessmentSheet(assessment, request.member)
    form = ReviewAnswersForm(
        request.POST or None, assessment=assessment, answers=_of_axis(sheet, axis)
    )
    if valid(request, form):
        values = {"reviewed": form.levels, "edition": form.cleaned_data["edition"]}
        operations_reviewing.save_review(assessment, by=request.member, now=request.now, **values)
        return done(
            request, _("保存しました。"), _onward(request, assessment, "rollout:review", axis)
        )
    return show(request, "rollout/readiness/review.html", _form_context(sheet, form, axis))


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
    """Submit to the office."""
    operations_answering.submit_assessment(assessment, by=request.member, now=request.now)
    return done(request, _("提出しました。事務局が確認します。"), assessment)


@page(may_confirm, of=Assessment, methods="POST", related=JOINED)
def confirm(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Confirm as reviewed; the button carries the edition of its page."""
    form = EditionForm(request.POST)
    edition = form.cleaned_data["edition"] if form.is_valid() else 0
    operations_reviewing.confirm_assessment(
        assessment, by=request.member, now=request.now, edition=edition
    )
    return done(request, _("確定しました。所属長に知らせました。"), assessment)


@page(may_confirm, of=Assessment, methods="GET POST", related=JOINED)
def return_(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return to the department, with the reason."""
    refuse_unless_submitted(assessment)
    form = ReturnAnswersForm(request.POST or None)
    if valid(request, form):
        operations_reviewing.return_assessment(
            assessment, remark=form.cleaned_data["remark"], by=request.member, now=request.now
        )
        return done(request, _("差し戻しました。所属長に知らせました。"), assessment)
    return show(request, "rollout/readiness/return.html", {"form": form, "assessment": assessment})
