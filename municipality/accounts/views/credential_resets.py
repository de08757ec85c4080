"""ログインのやり直し: one person asks for somebody who lost password or second factor, another
confirms; and ending sign-ins.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.accounts import rules as accounts_rules
from municipality.accounts.forms.accounts import RenewalForm
from municipality.accounts.models import Renewal
from municipality.accounts.operations import credential_resets, sessions
from municipality.core import refusals as core_refusals
from municipality.organisation.models import Member
from municipality.web.pages import done, page, show, valid

RELATED = "member__user municipality asked_by answered_by"


@page(accounts_rules.may_ask_renewal, of=Member, methods="GET POST", related="municipality user")
def renewal_ask(request: HttpRequest, person: Member) -> HttpResponse:
    """Request the reset of a person's password and second factor."""
    form = RenewalForm(request.POST or None)
    if not valid(request, form):
        waiting = (
            Renewal.objects.of(request.municipality)
            .waiting(request.now)
            .filter(member=person)
            .first()
        )
        return show(
            request,
            "municipality/accounts/renewal_ask.html",
            {"form": form, "person": person, "waiting": waiting},
        )
    renewal = credential_resets.ask_renewal(
        person, **form.cleaned_data, by=request.member, now=request.now
    )
    return done(request, _("申し込みました。別の人の確認を待っています。"), renewal)


@page(accounts_rules.may_see_renewal, of=Renewal, related=RELATED)
def renewal_page(request: HttpRequest, renewal: Renewal) -> HttpResponse:
    """One request: who asked, for whom, why; and the second person's answer."""
    others = (
        credential_resets.confirmers(renewal, now=request.now)
        if renewal.state == Renewal.State.ASKED
        else []
    )
    context = {
        "renewal": renewal,
        "lapsed": renewal.state == Renewal.State.ASKED and renewal.expires_at <= request.now,
        "answer": accounts_rules.may_answer_renewal(request.member, renewal),
        "own": renewal.asked_by_id == request.member.pk,
        "others": others,
    }
    return show(request, "municipality/accounts/renewal.html", context)


@page(accounts_rules.may_answer_renewal, of=Renewal, methods="POST", related=RELATED)
def renewal_confirm(request: HttpRequest, renewal: Renewal) -> HttpResponse:
    """Confirm a request, as the second person."""
    credential_resets.confirm_renewal(renewal, by=request.member, now=request.now)
    words = _(
        "確認しました。%(name)sさんに案内を送ります。メールが届かないときは、招待状を印刷して渡してください。"
    )
    return done(request, words % {"name": renewal.member.name}, renewal)


def may_refuse(member: Member, renewal: Renewal) -> core_refusals.Answer:
    """The second person may refuse, and the one who requested may withdraw."""
    return (
        True
        if renewal.asked_by_id == member.pk
        else accounts_rules.may_answer_renewal(member, renewal)
    )


@page(may_refuse, of=Renewal, methods="POST", related=RELATED)
def renewal_refuse(request: HttpRequest, renewal: Renewal) -> HttpResponse:
    """Refuse or withdraw the request."""
    credential_resets.refuse_renewal(renewal, by=request.member, now=request.now)
    return done(request, _("やり直しを取りやめました。何も変わっていません。"), renewal)


@page(accounts_rules.may_invite, of=Member, methods="POST", related="municipality user")
def member_sessions_end(request: HttpRequest, person: Member) -> HttpResponse:
    """End a person's open sign-ins, by the office."""
    sessions.end_sessions_of(person, by=request.member, now=request.now)
    return done(
        request, _("%(name)sさんのログインを終わらせました。") % {"name": person.name}, person
    )
