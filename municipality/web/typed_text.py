"""What a browser or a program sends, made fit for every view in one place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\uffff\ud800-\udfff]"
)
"""Letters nobody sees and no office types: controls, zero widths, signs of direction, halves of a
pair. Variation selectors stay: names are written with them.
"""

UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError)


def clean_text(text: str) -> str:
    """The text in NFC, without letters that nobody sees."""
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))


def clean_query(typed: QueryDict) -> QueryDict:
    """The same names and values with clean text; the same object where nothing is to be done."""
    values = [(name, value) for name, several in typed.lists() for value in several]
    cleaned = [(clean_text(name), clean_text(value)) for name, value in values]
    return typed if cleaned == values else QueryDict(urlencode(cleaned))


class TypedTextMiddleware:
    """Clean text of address and form; 400 for a form that cannot be read.

    It stands before the guard against forged forms, the first to read a form, because every error
    page asks that guard again: a form that cannot be read would end in an error of the error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Clean the address before anything looks at it."""
        request.GET = clean_query(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Clean the form, after its size was looked at."""
        try:
            request.POST = clean_query(request.POST)  # type: ignore[assignment]
        except UNREADABLE:
            request.POST = QueryDict()
            return render(request, "400.html", status=400)
        return None


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 without a look at what was sent: an address that leads nowhere reads no form."""
    return render(request, "404.html", status=404)
