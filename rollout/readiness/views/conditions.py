"""The pages of 必須条件: what is open, passed over in writing, looked at again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.core.refusals import anyone
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, show, valid
from rollout.readiness.forms.conditions import (
    DeclineExceptionForm,
    ExceptionForm,
    ExceptionPostForm,
    ExceptionRequestForm,
    ReexaminationForm,
    ReexamineForm,
)
from rollout.readiness.models import (
    Answer,
    Assessment,
    BlockerException,
    ExceptionPost,
    ExceptionRequest,
    Reexamination,
)
from rollout.readiness.operations import exceptions as operations_exceptions
from rollout.readiness.operations import reexaminations as operations_reexaminations
from rollout.readiness.operations.exceptions import refuse_unless_open
from rollout.readiness.operations.reexaminations import refuse_unless_newest
from rollout.readiness.presenters.conditions import ConditionsSheet
from rollout.readiness.rules import (
    may_ask_for_exception,
    may_ask_to_reexamine,
    may_decide_reexamination,
    may_decline_exception,
    may_grant_exception,
    may_revoke_exception,
)

JOINED = "department round municipality"
ASKED = "answer__criterion answer__assessment__department answer__assessment__round asked_by"


def _condition(assessment: Assessment, code: str) -> Answer:
    """The answer to the 必須条件 in the address. Http404 when there is none of that code."""
    answers = assessment.answers.filter(criterion__code=code, criterion__blocker=True)
    answer = answers.select_related("criterion").first()
    if answer is None:
        raise Http404
    answer.assessment = assessment
    return answer


@page(anyone, of=Assessment, related=JOINED)
def conditions(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The 必須条件 of a department, with what was passed over and looked at again."""
    sheet = ConditionsSheet(assessment, request.member, request.today)
    return show(
        request, "rollout/readiness/conditions.html", {"sheet": sheet, "assessment": assessment}
    )


@page(may_grant_exception, of=Assessment, methods="GET POST", related=JOINED)
def exception(request: HttpRequest, assessment: Assessment, criterion: str) -> HttpResponse:
    """Pass an open 必須条件 over, in writing."""
    answer = _condition(assessment, criterion)
    refuse_unless_open(answer, request.today)
    form = ExceptionForm(request.POST or None, today=request.today)
    if valid(request, form):
        operations_exceptions.grant_exception(
            answer, **form.cleaned_data, by=request.member, now=request.now
        )
        words = _("例外を承認しました。所属長と事務局に知らせました。")
        return done(request, words, assessment.conditions_address)
    sheet = ConditionsSheet(assessment, request.member, request.today)
    context = {"form": form, "answer": answer, "assessment": assessment, "sheet": sheet}
    return show(
        request,
        "rollout/readiness/exception.html",
        {**context, "asked": sheet.asked_of(answer)},
    )


@page(may_ask_for_exception, of=Assessment, methods="GET POST", related=JOINED)
def exception_ask(request: HttpRequest, assessment: Assessment, criterion: str) -> HttpResponse:
    """Ask those who may to pass it over, with the reason."""
    answer = _condition(assessment, criterion)
    refuse_unless_open(answer, request.today)
    form = ExceptionRequestForm(request.POST or None)
    if valid(request, form):
        operations_exceptions.ask_for_exception(
            answer, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("例外の承認を依頼しました。"), assessment.conditions_address)
    context = {"form": form, "answer": answer, "assessment": assessment}
    return show(request, "rollout/readiness/exception_ask.html", context)


@page(anyone, of=ExceptionRequest, related=ASKED)
def exception_request(request: HttpRequest, asked: ExceptionRequest) -> HttpResponse:
    """What is asked for and why."""
    sheet = ConditionsSheet(asked.answer.assessment, request.member, request.today)
    context = {"asked": asked, "assessment": asked.answer.assessment, "sheet": sheet}
    return show(request, "rollout/readiness/exception_request.html", context)


@page(may_decline_exception, of=ExceptionRequest, methods="GET POST", related=ASKED)
def exception_decline(request: HttpRequest, asked: ExceptionRequest) -> HttpResponse:
    """Grant no exception, and say why."""
    form = DeclineExceptionForm(request.POST or None)
    if valid(request, form):
        operations_exceptions.decline_exception(
            asked, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("例外の承認を見送りました。部署と事務局に知らせました。"), asked)
    sheet = ConditionsSheet(asked.answer.assessment, request.member, request.today)
    context = {"form": form, "asked": asked, "assessment": asked.answer.assessment, "sheet": sheet}
    return show(request, "rollout/readiness/exception_decline.html", context)


@page(may_revoke_exception, of=BlockerException, methods="POST", related="department")
def exception_revoke(request: HttpRequest, exception: BlockerException) -> HttpResponse:
    """Take an exception back."""
    answer = operations_exceptions.revoke_exception(exception, by=request.member, now=request.now)
    words = _("例外を取り消しました。所属長と事務局に知らせました。")
    return done(request, words, answer.assessment.conditions_address)


@page(may_ask_to_reexamine, of=Assessment, methods="GET POST", related=JOINED)
def reexamine(request: HttpRequest, assessment: Assessment, criterion: str) -> HttpResponse:
    """Ask to look at a 必須条件 again."""
    answer = _condition(assessment, criterion)
    refuse_unless_newest(answer)
    form = ReexamineForm(request.POST or None, answer=answer)
    if valid(request, form):
        operations_reexaminations.ask_to_reexamine(
            answer, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("再確認を依頼しました。"), assessment.conditions_address)
    context = {"form": form, "answer": answer, "assessment": assessment}
    return show(request, "rollout/readiness/reexamine.html", context)


@page(
    may_decide_reexamination,
    of=Reexamination,
    methods="GET POST",
    related="answer__criterion answer__assessment__department answer__assessment__round",
)
def reexamination(request: HttpRequest, asked: Reexamination) -> HttpResponse:
    """Confirm or decline what a department says of a 必須条件 now."""
    form = ReexaminationForm(request.POST or None)
    if valid(request, form):
        decide = (
            operations_reexaminations.decline_reexamination
            if form.declines
            else operations_reexaminations.confirm_reexamination
        )
        decide(asked, remark=form.cleaned_data["remark"], by=request.member, now=request.now)
        words = _("見送りました。") if form.declines else _("再確認し、段階を変えました。")
        return done(request, words, asked)
    context = {"form": form, "asked": asked, "assessment": asked.answer.assessment}
    return show(request, "rollout/readiness/reexamination.html", context)


@page(is_office, methods="GET POST")
def exception_post(request: HttpRequest) -> HttpResponse:
    """Which post grants exceptions in this body."""
    named = ExceptionPost.objects.visible_to(request.member).first()
    form = ExceptionPostForm(
        request.POST or None, municipality=request.municipality, today=request.today, named=named
    )
    if valid(request, form):
        operations_exceptions.name_exception_post(
            request.municipality, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("設定を保存しました。"), request.path)
    return show_setting(
        request, "rollout:exception_post", "rollout/readiness/exception_post.html", {"form": form}
    )
