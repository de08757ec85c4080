"""Pages of 決裁: the list of decisions, one decision, and every act on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import Conflict, anyone
from municipality.decisions import exports
from municipality.decisions.forms.decisions import AnswerForm, SubmitForm
from municipality.decisions.models import Decision, Step, StepKind
from municipality.decisions.operations import decisions as operations
from municipality.decisions.operations.send_back import return_decision
from municipality.decisions.presenters.listing import decisions_listing
from municipality.decisions.presenters.sheet import sheet
from municipality.decisions.rules import may_submit, may_withdraw
from municipality.web.components.lists import tabs_of
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

RELATED = "drafter department municipality recorded_by"


@page(anyone)
def decision_list(request: HttpRequest) -> HttpResponse:
    """Decisions in tabs: one's own turn, that of others, one's own drafts, and all one may see.
    Where none is named, the first that holds any.
    """
    visible = Decision.objects.visible_to(request.member)
    wanted = _tabs(request)
    counts = visible.aggregate(**{key: Count("pk", filter=each) for key, each in wanted.items()})
    first = next((key for key, count in counts.items() if count), "mine")
    tab = request.GET.get("tab", "")
    tab = tab if tab in wanted else first
    current = Prefetch(
        "steps", Step.objects.current().select_related("post", "department"), to_attr="turns"
    )
    rows = (
        visible.filter(wanted[tab])
        .select_related("drafter", "department")
        .prefetch_related(current)
    )
    listed = page_of(rows, request.GET.get("page"), count=counts[tab])
    context = {
        "rows": listed,
        "listing": decisions_listing(listed, tab),
        "tabs": tabs_of(_labels(), tab, counts=counts),
        "export": exports.decisions(rows),
    }
    return show(request, "municipality/decisions/decisions.html", context)


def _tabs(request: HttpRequest) -> dict[str, Q]:
    """What each tab holds, in their order."""
    steps = Step.objects.of(request.municipality)
    return {
        "mine": Q(pk__in=steps.awaiting(request.member).values("decision")),
        "others": Q(pk__in=steps.awaiting_others(request.member).values("decision")),
        "drafted": Q(drafter=request.member),
        "all": Q(),
    }


def _labels() -> dict[str, str]:
    return {
        "mine": _("あなたの番"),
        "others": _("ほかの人の番"),
        "drafted": _("起案したもの"),
        "all": _("すべての決裁"),
    }


@page(anyone, of=Decision, related=RELATED)
def decision_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    """One decision: its 決裁欄, what is asked, what became of it, and the panel to act in."""
    return _sheet(request, decision, AnswerForm(decision))


def _sheet(request: HttpRequest, decision: Decision, form: AnswerForm, **more: Any) -> HttpResponse:
    context = {"form": form, **sheet(decision, request.member, request.today), **more}
    form.offer(context["back_to"])
    if context["may_submit"]:
        context.setdefault("submit_form", SubmitForm(decision, request.today))
    bad = context.get("submit_form") is not None and bool(context["submit_form"].errors)
    status = 409 if "conflict" in more else 422 if bad else 200
    return show(request, "municipality/decisions/decision.html", context, status=status)


def _too_late(request: HttpRequest, decision: Decision, conflict: Conflict) -> HttpResponse:
    """The page when somebody else was first: who did what, the present state, and what was
    typed.
    """
    typed = request.POST.get("comment", "")[:2000]
    form = AnswerForm(decision, initial={"comment": typed})
    return _sheet(request, decision, form, conflict=conflict.reason, typed=typed)


@page(anyone, of=Decision, methods="POST", related=RELATED, again=_too_late)
def approve(request: HttpRequest, decision: Decision) -> HttpResponse:
    """承認・同意・決裁; 代決 and 引上げ, too."""
    form = AnswerForm(decision, request.POST, needs_comment="conditional" in request.POST)
    if not valid(request, form):
        return _sheet(request, decision, form)
    cleaned = form.cleaned_data
    operations.approve(
        cleaned["step"],
        by=request.member,
        now=request.now,
        comment=cleaned["comment"],
        conditional=cleaned["conditional"],
    )
    return done(request, _done_words(cleaned["step"]), decision)


def _done_words(step: Step) -> str:
    """What was done, in the words of its button."""
    return {
        StepKind.AGREE: _("同意しました。"),
        StepKind.DECIDE: _("決裁しました。"),
    }.get(StepKind(step.kind), _("承認しました。"))


@page(anyone, of=Decision, methods="POST", related=RELATED, again=_too_late)
def return_(request: HttpRequest, decision: Decision) -> HttpResponse:
    """差戻し to the drafter or to an earlier step; 不同意 at a 合議."""
    form = AnswerForm(decision, request.POST, needs_comment=True)
    if not valid(request, form):
        return _sheet(request, decision, form)
    cleaned = form.cleaned_data
    return_decision(
        cleaned["step"],
        by=request.member,
        now=request.now,
        comment=cleaned["comment"],
        to=cleaned["to"],
    )
    return done(request, _("差し戻しました。"), decision)


@page(anyone, of=Decision, methods="POST", related=RELATED, again=_too_late)
def reject(request: HttpRequest, decision: Decision) -> HttpResponse:
    """却下, with its reason."""
    form = AnswerForm(decision, request.POST, needs_comment=True)
    if not valid(request, form):
        return _sheet(request, decision, form)
    cleaned = form.cleaned_data
    operations.reject(
        cleaned["step"], by=request.member, now=request.now, comment=cleaned["comment"]
    )
    return done(request, _("却下しました。"), decision)


@page(may_submit, of=Decision, methods="POST", related=RELATED, again=_too_late)
def submit(request: HttpRequest, decision: Decision) -> HttpResponse:
    """決裁に回す, the first time or again after 差戻し, along the chosen route."""
    form = SubmitForm(decision, request.today, request.POST)
    if not valid(request, form):
        return _sheet(request, decision, AnswerForm(decision), submit_form=form)
    operations.submit_decision(
        decision,
        by=request.member,
        now=request.now,
        route=form.cleaned_data["route"],
        stand_ins=form.cleaned_data.get("stand_ins"),
    )
    return done(request, _("決裁に回しました。"), decision)


@page(may_withdraw, of=Decision, methods="POST", related=RELATED, again=_too_late)
def take_back(request: HttpRequest, decision: Decision) -> HttpResponse:
    """引戻し by the drafter, until the first approver has acted."""
    operations.take_back(decision, by=request.member, now=request.now)
    return done(
        request, _("引き戻しました。内容を直して、もう一度決裁に回してください。"), decision
    )


@page(may_withdraw, of=Decision, methods="POST", related=RELATED, again=_too_late)
def withdraw(request: HttpRequest, decision: Decision) -> HttpResponse:
    """取下げ by the drafter."""
    operations.withdraw(decision, by=request.member, now=request.now)
    return done(request, _("取り下げました。"), decision)


@page(anyone, of=Decision, methods="POST", related=RELATED, again=_too_late)
def review(request: HttpRequest, decision: Decision) -> HttpResponse:
    """後閲 of what another person did in place of one's post."""
    form = AnswerForm(decision, request.POST)
    if not valid(request, form):
        return _sheet(request, decision, form)
    operations.review_afterwards(form.cleaned_data["step"], by=request.member, now=request.now)
    return done(request, _("後閲しました。"), decision)
