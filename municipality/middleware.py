"""From request to member: language, second factor, body, session limits, and the answers to refusals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from .authority import authority_on
from .models import Member, Notice
from .rules import Conflict, Denied

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGES = {code for code, _name in settings.LANGUAGES}

OPEN_BEFORE_SECOND_FACTOR = {
    "account_logout",
    "municipality_outside:two_factor_verify",
    "municipality_outside:two_factor_setup",
    "municipality_outside:language",
    "municipality_outside:accessibility",
    "municipality_outside:healthz",
    "municipality_outside:readyz",
}
"""Names of the views that a signed-in user reaches without a second factor. Nothing else."""


class LanguageMiddleware:
    """Own setting, then cookie, then Japanese. What the browser prefers is not asked: a shared terminal must not decide."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The cookie's language, until the user is known."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Once the user is known, their own setting wins."""
        own = getattr(request.user, "language", "") if hasattr(request, "user") else ""
        if own in LANGUAGES:
            translation.activate(own)
            request.LANGUAGE_CODE = own


class SecondFactorMiddleware:
    """Deny by default: signed in but without the second factor, one reaches only OPEN_BEFORE_SECOND_FACTOR.

    It also ends sessions that rested or lasted too long (SESSION_IDLE_SECONDS, SESSION_ABSOLUTE_SECONDS).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Close every view to a half signed-in user, whatever app it comes from."""
        if not request.user.is_authenticated:
            return None
        if self._lapsed(request.session):
            logout(request)
            return self._away(request, reverse("account_login"))
        if request.user.is_verified() or request.resolver_match.view_name in OPEN_BEFORE_SECOND_FACTOR:
            return None
        return self._away(request, reverse("municipality_outside:two_factor_verify"))

    def _lapsed(self, session: Any) -> bool:
        now = int(time.time())
        started, seen = session.get("started_at", now), session.get("seen_at", now)
        if "started_at" not in session or now - seen > 60:
            session["started_at"], session["seen_at"] = started, now
        return now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_ABSOLUTE_SECONDS

    def _away(self, request: HttpRequest, address: str) -> HttpResponse:
        if not request.accepts("text/html"):
            return JsonResponse({"detail": "sign_in_required"}, status=403)
        back = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: back})}")


class MemberMiddleware:
    """Resolve /<code>/…: who is acting, in which body, as of when. No Member there: 404, as for a body that is absent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the moment of the request, once."""
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        request.member = request.municipality = None
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Refuse a view without a declared rule, then find the member."""
        if "code" not in kwargs:
            return
        if not hasattr(view, "page"):
            raise ImproperlyConfigured(f"{request.resolver_match.view_name} declares no rule")
        member = (
            Member.objects.filter(user=request.user.pk, municipality=kwargs["code"], is_active=True)
            .select_related("municipality")
            .first()
        )
        if member is None:
            raise Http404
        member.user = request.user
        member.authority = authority_on(member, request.today)
        if not member.authority.posts:
            raise Http404
        request.member, request.municipality = member, member.municipality
        request.unread_notices = SimpleLazyObject(lambda: Notice.objects.visible_to(member).unread().count())


class AnswerMiddleware:
    """Refusals in words (403, 409), and no copies of signed-in pages in any cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep the answer out of caches."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Denied becomes 403 and Conflict 409, both with the reason; what was typed is shown to be copied."""
        if isinstance(error, Denied):
            return render(request, "403.html", {"reason": error.no.reason, "address": error.no.address}, status=403)
        if isinstance(error, Conflict):
            typed = [(key, value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken" and value]
            return render(
                request, "409.html", {"reason": error.reason, "address": error.address, "typed": typed}, status=409
            )
        return None
