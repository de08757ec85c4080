"""Invitations: for whoever received one (outside the bodies), and for the office that sends and
prints them.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.socialaccount.adapter import get_adapter as get_identity_adapter
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from municipality.accounts import rules
from municipality.accounts.allauth_adapter import INVITED, AccountAdapter, address_of
from municipality.accounts.forms.accounts import AcceptForm, PasswordPairForm
from municipality.accounts.forms.sign_in import InvitationCodeForm
from municipality.accounts.models import Invitation, User
from municipality.accounts.oidc import body_of
from municipality.accounts.operations import invitations
from municipality.accounts.secret_links import token_of
from municipality.core import rate_limits
from municipality.core.encryption import keep_in_session, kept_in_session
from municipality.core.qr_codes import qr_code
from municipality.core.refusals import Conflict
from municipality.organisation.models import Member
from municipality.web.pages import done, page, show, valid

CODE_PAGE = "/invitation/code/"
"""Where one types the short code; it stands on paper, and therefore never changes."""


@dataclass(frozen=True)
class Provider:
    """A way of accepting without a password: its name and where it begins."""

    name: str
    address: str


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Store the secret in the session and redirect to an address without it, so that it appears in
    no log, history or referrer.
    """
    if invitations.open_invitation(token, now=request.now) is None:
        return _unusable(request)
    keep_in_session(request.session, INVITED, token.encode())
    response = redirect("municipality_outside:invitation_form")
    response["Referrer-Policy"] = (
        "no-referrer"  # Not on the pages: a form without referrer names no origin and is refused.
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def invitation_code(request: HttpRequest) -> HttpResponse:
    """Type the short code of a printed invitation instead of its long address."""
    form, address = InvitationCodeForm(request.POST or None), address_of(request)
    if valid(request, form):
        if rate_limits.INVITATION_BY_ADDRESS.is_used_up(address):
            return render(request, "429.html", status=429)
        invitation = invitations.invitation_by_code(form.cleaned_data["code"], now=request.now)
        token = token_of(invitation) if invitation else None
        if token is not None:
            keep_in_session(request.session, INVITED, token.encode())
            return redirect("municipality_outside:invitation_form")
        rate_limits.INVITATION_BY_ADDRESS.take(address)
        form.add_error(
            "code", _("このコードの招待はないか、期限が切れています。事務局に確かめてください。")
        )
    return show(request, "municipality/accounts/invitation_code.html", {"form": form})


def _unusable(request: HttpRequest) -> HttpResponse:
    """The page for an invitation that cannot be used: wrong, used, revoked and expired ones get the
    same answer.
    """
    return render(
        request, "municipality/accounts/invitation.html", {"invitation": None}, status=404
    )


def _invited(request: HttpRequest) -> Invitation | None:
    token = kept_in_session(request.session, INVITED)
    return invitations.open_invitation(token.decode(), now=request.now) if token else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password1", "password2")
def invitation_form(request: HttpRequest) -> HttpResponse:
    """Accept: with a new account, with the account one is signed in with, or with a new password
    after a loss.
    """
    invited = _invited(request)
    if invited is None:
        return _unusable(request)
    if request.user.is_authenticated:
        return _join(request, invited)
    form = _form_for(request, invited)
    if valid(request, form):
        return _begin(request, _accept(request, invited, form))
    context = {"invitation": invited, "form": form, "gate_body": invited.municipality.name}
    return show(request, _page_for(invited), {**context, "providers": _providers(request, invited)})


def _page_for(invited: Invitation) -> str:
    return (
        "municipality/accounts/invitation_renewal.html"
        if invited.renews
        else "municipality/accounts/invitation.html"
    )


def _form_for(request: HttpRequest, invited: Invitation) -> forms.Form:
    if invited.renews:
        return PasswordPairForm(invited.member, request.POST or None)
    initial = {"username": invited.member.mail, "language": get_language()}
    return AcceptForm(invited.member, request.POST or None, initial=initial)


def _accept(request: HttpRequest, invited: Invitation, form: forms.Form) -> User:
    cleaned, now = form.cleaned_data, request.now
    if invited.renews:
        return invitations.accept_renewal(invited, password=cleaned["password1"], now=now)
    return invitations.accept_invitation(
        invited,
        username=cleaned["username"],
        password=cleaned["password1"],
        language=cleaned["language"],
        now=now,
    )


def _begin(request: HttpRequest, user: User) -> HttpResponse:
    """Sign the person in and lead them to the second factor."""
    request.session.pop(INVITED, None)
    request.sign_in_way = "invitation"
    AccountAdapter(request).login(request, user)
    return redirect("municipality_outside:two_factor_setup")


def _join(request: HttpRequest, invited: Invitation) -> HttpResponse:
    if invited.renews:
        raise Conflict(_("ログインのやり直しは、ログアウトしてからリンクを開いてください。"))
    if request.method == "POST":
        member = invitations.join_with_account(invited, request.user, now=request.now)
        request.session.pop(INVITED, None)
        words = _("%(body)sを自分のアカウントに加えました。") % {"body": member.municipality.name}
        return done(request, words, member.municipality)
    context = {"invitation": invited, "gate_body": invited.municipality.name}
    return render(request, "municipality/accounts/invitation_join.html", context)


def _providers(request: HttpRequest, invited: Invitation) -> list[Provider]:
    """The identity providers of the inviting body; a renewal is about a password."""
    if invited.renews:
        return []
    back = reverse("municipality_outside:two_factor_setup")
    request.inviting_body = invited.municipality_id
    providers = get_identity_adapter().list_providers(request)
    own = [provider for provider in providers if body_of(provider.app) == invited.municipality_id]
    return [
        Provider(one.name, one.get_login_url(request, process="login", next=back)) for one in own
    ]


@page(rules.may_invite, of=Member, methods="POST", related="municipality user")
def invite(request: HttpRequest, person: Member) -> HttpResponse:
    """Invite a person. People who have an account and lost password or phone need a reset by two
    persons (views/credential_resets).
    """
    invitations.invite(person, by=request.member, now=request.now)
    mailed = bool(person.mail) and request.municipality.sending
    words = (
        _("%(name)sさんにメールで案内を送ります。印刷して渡すこともできます。")
        if mailed
        else _("%(name)sさんへの招待状を作りました。印刷して渡してください。")
    )
    return done(
        request,
        words % {"name": person.name},
        reverse("municipality:slip", args=[person.municipality_id, person.pk]),
    )


@page(rules.may_invite, of=Member, related="municipality user")
def slip(request: HttpRequest, person: Member) -> HttpResponse:
    """The invitation on paper, with its link as text and as QR code. Looking at it is written down:
    it shows the secret.
    """
    pending = person.invitations.pending(request.now).first()
    token = token_of(pending) if pending else None
    if pending is None or token is None:
        return render(request, "municipality/accounts/slip_none.html", {"person": person})
    invitations.note_slip(pending, by=request.member)
    link = settings.BASE_URL + reverse("municipality_outside:invitation", args=[token])
    context = {"person": person, "invitation": pending, "link": link, "qr": qr_code(link)}
    code = {"code": invitations.short_code(token), "code_address": settings.BASE_URL + CODE_PAGE}
    return render(
        request,
        "municipality/accounts/slip.html",
        {**context, **(code if pending.code_digest else {})},
    )


@page(rules.may_invite, of=Member, methods="POST", related="municipality")
def unlock(request: HttpRequest, person: Member) -> HttpResponse:
    """Confirm the identity of a person whose sign-in was reset by another body."""
    invitations.unlock(person, by=request.member)
    return done(request, _("%(name)sさんの利用を再開しました。") % {"name": person.name}, person)
