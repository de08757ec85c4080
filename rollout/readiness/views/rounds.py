"""The pages of a round: the board of its departments, and what the office does with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.organisation.models import Department
from municipality.web.components.lists import Tab, tabs_of
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of
from rollout.readiness import exports
from rollout.readiness.forms.rounds import AddDepartmentForm, BoardFilter, DueForm, RoundForm
from rollout.readiness.models import Assessment, Axis, Criterion, Round
from rollout.readiness.operations import rounds as operations_rounds
from rollout.readiness.operations.answers import refuse_unless_answering
from rollout.readiness.presenters.board import RoundBoard
from rollout.readiness.presenters.listings import unmet_listing
from rollout.readiness.rules import may_extend, may_open_round

ROUNDS_SHOWN = 6


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
    board = RoundBoard(round_, request.member, request.today)
    rows = board.rows(chosen.data.get("state", ""))
    listed = page_of(rows, request.GET.get("page"))
    context = {
        "board": board,
        "round": round_,
        "rows": listed,
        "total": len(rows),
        "filter": chosen,
        "unmet": unmet_listing(board.unmet),
    }
    more = {
        "tabs": _tabs(rounds, round_),
        "axes": list(Axis),
        "may_open": may_open_round(request.member),
        "newest": rounds[0],
        "running": next((row for row in rounds if row.is_open), None),
        "next_number": rounds[0].number + 1,
    }
    more["export"] = exports.board(round_, rows)
    return show(request, "rollout/readiness/readiness.html", {**context, **more})


def _chosen(rounds: list[Round], asked: str | None) -> Round | None:
    if asked:
        return next((row for row in rounds if str(row.pk) == asked), rounds[0] if rounds else None)
    return rounds[0] if rounds else None


def _tabs(rounds: list[Round], current: Round) -> list[Tab]:
    names = {row.get_absolute_url(): row.name for row in rounds[:ROUNDS_SHOWN]}
    return tabs_of(names, current.get_absolute_url(), address=str)


@page(may_open_round, methods="GET POST")
def open_round(request: HttpRequest) -> HttpResponse:
    """Open a round: name, due date, departments."""
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
        return done(
            request,
            _("「%(round)s」の受付を開始しました。対象の部署に知らせました。") % {"round": round_},
            round_,
        )
    running = Round.objects.visible_to(request.member).filter(state=Round.State.OPEN).first()
    criteria = Criterion.objects.visible_to(request.member).count()
    return show(
        request,
        "rollout/readiness/round_form.html",
        {"form": form, "running": running, "criteria": criteria},
    )


@page(may_open_round, of=Round, methods="POST")
def close_round(request: HttpRequest, round_: Round) -> HttpResponse:
    """Close a round: no more answers are taken."""
    operations_rounds.close_round(round_, by=request.member, now=request.now)
    return done(request, _("「%(round)s」の受付を締め切りました。") % {"round": round_}, round_)


@page(may_open_round, of=Round, methods="GET POST", related="municipality")
def extend_round(request: HttpRequest, round_: Round) -> HttpResponse:
    """Set a later due date for all departments."""
    form = DueForm(
        request.POST or None,
        municipality=request.municipality,
        today=request.today,
        earliest=round_.earliest_new_due_on,
    )
    if valid(request, form):
        due_on = form.cleaned_data["due_on"]
        change = (
            operations_rounds.extend_round if round_.is_open else operations_rounds.reopen_round
        )
        change(round_, due_on=due_on, by=request.member, now=request.now)
        return done(request, _("提出の期限を変更し、対象の部署に知らせました。"), round_)
    return show(request, "rollout/readiness/due_form.html", {"form": form, "round": round_})


@page(may_open_round, of=Round, methods="GET POST", related="municipality")
def add_department(request: HttpRequest, round_: Round) -> HttpResponse:
    """Add a department to a running round."""
    asked = round_.assessments.values("department")
    others = Department.objects.visible_to(request.member).on(request.today).answering()
    form = AddDepartmentForm(request.POST or None, departments=others.exclude(pk__in=asked))
    if valid(request, form):
        department = form.cleaned_data["department"]
        operations_rounds.add_department(round_, department, by=request.member, now=request.now)
        words = _("%(department)sを対象に加え、知らせました。") % {"department": department}
        return done(request, words, round_)
    return show(request, "rollout/readiness/add_department.html", {"form": form, "round": round_})


@page(may_extend, of=Assessment, methods="GET POST", related="department round municipality")
def extend(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Set a later due date for one department."""
    refuse_unless_answering(assessment)
    form = DueForm(
        request.POST or None,
        municipality=request.municipality,
        today=request.today,
        earliest=assessment.earliest_new_due_on,
    )
    if valid(request, form):
        due_on = form.cleaned_data["due_on"]
        operations_rounds.extend_assessment(
            assessment, due_on=due_on, by=request.member, now=request.now
        )
        return done(request, _("提出の期限を変更し、部署に知らせました。"), assessment)
    context = {"form": form, "round": assessment.round, "assessment": assessment}
    return show(request, "rollout/readiness/due_form.html", context)
