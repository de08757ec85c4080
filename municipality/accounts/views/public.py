"""Pages beside the bodies: the way to one's body, one's own account, language, accessibility."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import login as begin_at_provider
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipality.accounts.forms.accounts import AccountForm, LanguageForm
from municipality.accounts.middleware import ONLY_BODY
from municipality.accounts.models import CodeTable
from municipality.accounts.oidc import provider_named
from municipality.accounts.oidc_provider import SignedTokenAdapter
from municipality.accounts.operations import second_factor, sessions, sign_in
from municipality.accounts.presenters import sessions_listing
from municipality.accounts.second_factor_session import is_fresh, next_of, to_second_factor
from municipality.accounts.session_timeouts import seconds_left
from municipality.organisation.models import Member, authority_on
from municipality.web.pages import done, show, valid
from municipality.web.unsaved_form import drop, kept


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to one's body; with several bodies, a page to choose one."""
    members = _bodies(request, request.today)
    if len(members) == 1 and members[0].locked_at is None:
        return redirect(members[0].municipality)
    return render(request, "municipality/accounts/bodies.html", {"members": members})


def _bodies(request: HttpRequest, today: date) -> list[Member]:
    """Members of the user that work somewhere today, in the bodies that this session may enter."""
    only = request.session.get(ONLY_BODY)
    members = [
        member
        for member in sign_in.members_of(request.user)
        if only in {None, member.municipality_id}
    ]
    return [member for member in members if authority_on(member, today).posts]


@require_http_methods(["GET", "HEAD", "POST"])
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Start of the sign-in at an identity provider. The library's redirect becomes a page, because
    the content security policy allows no form that leads to another host.
    """
    try:
        answer = begin_at_provider(request, provider_id)
    except OAuth2Error:
        return render(request, "socialaccount/authentication_error.html", status=503)
    host = urlsplit(answer.get("Location", "")).netloc
    if host and host != request.get_host():
        return render(
            request, "socialaccount/login_redirect.html", {"redirect_to": answer["Location"]}
        )
    return answer


@require_safe
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Return from an identity provider. The library's page would not look at the signature of the
    ID token.
    """
    view = OAuth2CallbackView.adapter_view(SignedTokenAdapter(request, provider_id))
    try:
        answer: HttpResponse = view(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except OAuth2Error:
        return render(request, "socialaccount/authentication_error.html", status=503)
    return answer


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Page after signing out of a session that an identity provider opened: the person is still
    signed in there.
    """
    provider = provider_named(request.GET.get("through", ""))
    return render(request, "municipality/accounts/signed_out.html", {"provider": provider})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own settings, sign-ins and second factor."""
    user = request.user
    initial = {"language": user.language or settings.LANGUAGE_CODE, "email": user.email}
    form = AccountForm(request.POST or None, initial=initial)
    if valid(request, form):
        if form.cleaned_data["email"] != user.email and not is_fresh(request):
            messages.warning(
                request,
                _(
                    "メールアドレスを変えるには、もう一度本人を確認してください。何も変更していません。"
                ),
            )
            return to_second_factor(request.path)
        sign_in.change_account(user, **form.cleaned_data)
        return done(request, _("設定を変更しました。"), "municipality_outside:account")
    return show(
        request, "municipality/accounts/account.html", {"form": form, **_of_account(request)}
    )


def _of_account(request: HttpRequest) -> dict:
    factor = second_factor.factor_of(request.user)
    open_ = sessions.sessions_of(request.user, this=request.session.session_key, now=request.now)
    return {
        "members": _bodies(request, request.today),
        "factor": factor,
        "has_table": isinstance(factor, CodeTable),
        "may_use_table": bool(second_factor.may_use_table(request.user)),
        "codes_left": second_factor.codes_left(request.user),
        "sessions": sessions_listing(open_),
    }


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's sign-ins but this one."""
    sessions.end_other_sessions(request.user, this=request.session.session_key)
    return done(
        request, _("ほかの端末でのログインを終わらせました。"), "municipality_outside:account"
    )


@require_POST
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sign-ins."""
    sessions.end_session(request.user, pk)
    return done(request, _("そのログインを終わらせました。"), "municipality_outside:account")


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Extend the session: a page whose session is about to end sends this request."""
    return JsonResponse({"seconds": seconds_left(request.session, request.now.timestamp())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ended: to be sent again unchanged, or discarded."""
    typed = kept(request)
    if request.method == "POST" or typed is None:
        drop(request.session)
        return redirect("municipality_outside:home")
    return render(request, "municipality/accounts/typed.html", {"typed": typed})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the language: in this browser, and in the account when signed in."""
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
    """Accessibility statement: the standard that is met, and known gaps."""
    return render(request, "municipality/accounts/accessibility.html")
