"""Language of a request, and the answers to refusals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from municipality.audit.access_events import note_refusal
from municipality.core.refusals import Conflict, Denied
from municipality.core.transitions import stands_already
from municipality.web.unsaved_form import SECRET_FIELD

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

LANGUAGES = dict(settings.LANGUAGES).keys()


def view_name_of(request: HttpRequest) -> str:
    """Name of the view with its namespace; its route when it has no name; empty when no view
    answers.
    """
    match = request.resolver_match
    if match is None:
        return ""
    return match.view_name if match.url_name else match.route


def refused(request: HttpRequest) -> None:
    """Log that a member was refused."""
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
    """Language from the account, then the cookie, then Japanese. The browser's language is not
    used, because terminals are shared.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the cookie's language until the user is known."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Set the account's language once the user is known."""
        own = getattr(request.user, "language", "") if hasattr(request, "user") else ""
        if own in LANGUAGES:
            translation.activate(own)
            request.LANGUAGE_CODE = own


class BodyLimitMiddleware:
    """Refuse a body that is larger than its page takes, before a byte of it is read.

    It stands before the guard against forged forms, the first to read a form. The server reads no
    more than the announced length, and nothing where none is announced.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: the limit is checked in process_view, where the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """413 beyond the limit of a form; a page with a file accepts more, from users with both
        factors only.
        """
        length = announced_length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        file = view.page.most_bytes if hasattr(view, "page") else 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + file or not request.user.is_verified():
            return render(request, "413.html", status=413)
        return None


def announced_length(request: HttpRequest) -> int:
    """Content length of the request; 0 without one, as Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class AnswerMiddleware:
    """Refusals as pages (403, 409), and no caching of pages of signed-in users."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forbid caching of the response when the user was signed in before or is signed in after
        it.
        """
        before = request.user.is_authenticated
        response = self.get_response(request)
        if before or request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Denied becomes 403 and Conflict 409, both with the reason; typed text is shown to be
        copied. What stands already, so that the database refused it, is a Conflict too; usually
        two people were at it at the same moment.
        """
        if isinstance(error, IntegrityError) and stands_already(error):
            logger.warning("stands already: %s", view_name_of(request))
            error = Conflict(_("同じものがすでに登録されています。いまの内容を確認してください。"))
        if isinstance(error, Denied):
            refused(request)
            return render(
                request,
                "403.html",
                {"reason": error.no.reason, "address": error.no.address},
                status=403,
            )
        if isinstance(error, Conflict):
            error.address = error.address or way_back(request)
            return render(
                request, "409.html", {"error": error, "typed": typed_in(request, error)}, status=409
            )
        return None


def way_back(request: HttpRequest) -> str:
    """Where one goes on after a conflict that names no page: the form again where it belongs to no
    row, else the page of ours on which the button was pressed, as the browser names it.
    """
    view = request.resolver_match.func if request.resolver_match else None
    declared = getattr(view, "page", None)
    if declared and declared.of is None and "GET" in declared.methods:
        return request.path
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
    path = urlsplit(before).path
    return path if ours and path != request.path else ""


def typed_in(request: HttpRequest, error: Conflict) -> list[str]:
    """What was typed and would be lost, without secrets, what was chosen from a list, and texts
    that are shown beside their newest version.
    """
    shown = {difference.typed for difference in error.differences}
    texts = [
        text
        for name, values in request.POST.lists()
        for text in values
        if not SECRET_FIELD.search(name) and not _is_chosen(name, text)
    ]
    return [text for text in dict.fromkeys(texts) if text.strip() and text not in shown]


HIDDEN_NUMBERS = {"edition", "version", "step"}


def _is_chosen(name: str, text: str) -> bool:
    """Is it what a list of choices, a box or a hidden field sends, which nobody typed?"""
    codes, relations = _choices()
    return (name, text) in codes or (text.isdigit() and name in relations | HIDDEN_NUMBERS)


@cache
def _choices() -> tuple[set[tuple[str, str]], set[str]]:
    """Fields of the tables that are chosen: each with its codes, and those that name a row. Fields
    of forms are called as those of the tables.
    """
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    boxes = {(field.name, "on") for field in fields if isinstance(field, models.BooleanField)}
    codes = {(field.name, str(code)) for field in fields for code, _label in field.flatchoices}
    return codes | boxes, {field.name for field in fields if field.is_relation}
