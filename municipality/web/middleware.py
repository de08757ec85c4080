"""Language of a request, and the answers to refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from municipality.audit.access_events import note_refusal
from municipality.core.refusals import Conflict, Denied
from municipality.web.unsaved_form import SECRET_FIELD

GetResponse = Callable[[HttpRequest], HttpResponse]

LANGUAGES = dict(settings.LANGUAGES).keys()


def view_name_of(request: HttpRequest) -> str:
    """The name of the view that answers, with its namespace; its route when it has no name; empty
    where nothing answers.
    """
    match = request.resolver_match
    if match is None:
        return ""
    return match.view_name if match.url_name else match.route


def refused(request: HttpRequest) -> None:
    """Write down that somebody who is in a body was refused something there."""
    match = request.resolver_match
    if request.member is not None and match is not None:
        number = match.kwargs.get("pk")
        note_refusal(
            by=request.member,
            page=view_name_of(request),
            method=request.method or "",
            number=number,
        )


class LanguageMiddleware:
    """Own setting, then cookie, then Japanese. What the browser prefers is not asked: a shared
    terminal must not decide.
    """

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


class AnswerMiddleware:
    """Refusals in words (403, 409), and no copies of signed-in pages in any cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep the answer out of caches: that of whoever was signed in before it, or is
        afterwards.
        """
        before = request.user.is_authenticated
        response = self.get_response(request)
        if before or request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Denied becomes 403 and Conflict 409, both with the reason; what was typed is shown to be
        copied.
        """
        if isinstance(error, Denied):
            refused(request)
            return render(
                request,
                "403.html",
                {"reason": error.no.reason, "address": error.no.address},
                status=403,
            )
        if isinstance(error, Conflict):
            return render(
                request, "409.html", {"error": error, "typed": typed_in(request, error)}, status=409
            )
        return None


def typed_in(request: HttpRequest, error: Conflict) -> list[str]:
    """What was typed and would be lost: no secrets, no numbers of forms, nothing that stands beside
    its newest text anyway.
    """
    shown = {difference.typed for difference in error.differences}
    texts = [str(value) for key, value in request.POST.items() if not SECRET_FIELD.search(key)]
    return [
        text for text in dict.fromkeys(texts) if text and not text.isdigit() and text not in shown
    ]
