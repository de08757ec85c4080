"""Pages beside the bodies: the way to one's body, one's own account, language, accessibility."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from allauth.socialaccount.providers.openid_connect.views import login as begin_at_provider
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from municipality.authority import authority_on
from municipality.forms_accounts import AccountForm, LanguageForm
from municipality.middleware import ONLY_BODY
from municipality.models import Member
from municipality.operations import second_factor, sign_in
from municipality.pages import done, show, valid
from municipality.proofs import device_words, is_fresh, next_of, once_more


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To one's body; with several, the choice."""
    found = _bodies(request, request.today)
    if len(found) == 1 and found[0].locked_at is None:
        return redirect(found[0].municipality)
    return render(request, "municipality/bodies.html", {"members": found})


def _bodies(request: HttpRequest, today: date) -> list[Member]:
    """The user's members that work somewhere today, in the bodies that this session may enter."""
    only = request.session.get(ONLY_BODY)
    members = [member for member in sign_in.members_of(request.user) if only in {None, member.municipality_id}]
    return [member for member in members if authority_on(member, today).posts]


@require_http_methods(["GET", "HEAD", "POST"])
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The library's way to an identity provider. Its redirect becomes a page: a form of ours may lead to no other host."""
    try:
        answer = begin_at_provider(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=503)
    host = urlsplit(answer.get("Location", "")).netloc
    if host and host != request.get_host():
        return render(request, "socialaccount/login_redirect.html", {"redirect_to": answer["Location"]})
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own settings, sign-ins and second factor."""
    user = request.user
    initial = {"language": user.language or settings.LANGUAGE_CODE, "email": user.email}
    form = AccountForm(request.POST or None, initial=initial)
    if valid(request, form):
        if form.cleaned_data["email"] != user.email and not is_fresh(request):
            messages.warning(
                request, _("メールアドレスを変えるには、もう一度本人を確認してください。何も変更していません。")
            )
            return once_more(request.path)
        sign_in.change_account(user, **form.cleaned_data)
        return done(request, _("設定を変更しました。"), "municipality_outside:account")
    return show(request, "municipality/account.html", {"form": form, **_of_account(request)})


def _of_account(request: HttpRequest) -> dict:
    device = second_factor.authenticator_of(request.user)
    return {
        "members": _bodies(request, request.today),
        "device": device,
        "codes_left": second_factor.codes_left(request.user),
        "sessions": _sessions(request),
        "current": request.session.session_key,
    }


def _sessions(request: HttpRequest) -> list[tuple[str, UserSession]]:
    """One's open sign-ins with the words for their device, the newest first."""
    alive = Session.objects.filter(expire_date__gt=request.now).values("session_key")
    found = UserSession.objects.filter(user=request.user, session_key__in=alive).order_by("-created_at")
    return [(device_words(session.user_agent), session) for session in found]


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's sign-ins but this one."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    count = 0
    for other in others:
        other.end()
        count += 1
    sign_in.note_ended_sessions(request.user, count=count)
    return done(request, _("ほかの端末でのログインを終わらせました。"), "municipality_outside:account")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: kept in this browser, and with the account of whoever is signed in."""
    form = LanguageForm(request.POST)
    response = redirect(next_of(request))
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        if request.user.is_authenticated:
            sign_in.change_language(request.user, chosen)
        _remember(response, chosen)
    return response


def _remember(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we promise and what we know is missing."""
    return render(request, "municipality/accessibility.html")
