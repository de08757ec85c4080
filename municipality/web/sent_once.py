"""A form that is sent twice is done once: a double click, a second tab, a repeated request.

Every form of a body carries a token made when it was shown. What the form changes and the note
that it was sent are one transaction, so that of two at the same moment the second waits, and is led
to the page of what the first made.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from municipality.audit.log import operation
from municipality.web.models import SentForm

if TYPE_CHECKING:
    from municipality.organisation.models import Municipality

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
"""Hidden field of a form; its name says that its value is never kept nor shown (unsaved_form)."""

TOKEN = re.compile("[0-9a-f]{32}")

KEPT = timedelta(days=2)
"""Longer than any session lasts."""

Answer = Callable[[], HttpResponse]


def new_token() -> str:
    """A token for a form that is shown."""
    return secrets.token_hex(16)


def done_once(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer to the request; for a form that was sent before, the way to what it made then."""
    token = request.POST.get(TOKEN_FIELD, "") if request.method == "POST" else ""
    return _first_time(request, token, answer) if TOKEN.fullmatch(token) else answer()


@operation
def _first_time(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    sent, is_first = SentForm.objects.get_or_create(
        member=request.member,
        token=token,
        digest=_digest(request),
        defaults={"municipality": request.municipality, "sent_at": request.now},
    )
    if not is_first:
        messages.info(
            request, _("同じ内容がすでに送信されています。先に受け付けた結果を表示します。")
        )
        return redirect(sent.address)
    response = answer()
    if response.status_code == 302:
        sent.address = response.headers["Location"]
        sent.save(update_fields=["address"])
    else:
        sent.delete()  # shown again with what is wrong, or a file: nothing was made that has a page
    return response


def _digest(request: HttpRequest) -> str:
    """Digest of the address and of all that was sent, files included."""
    digest = hashlib.sha256(request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def forget_sent_forms(body: Municipality, now: datetime) -> int:
    """Daily: delete the notes of forms that nobody can have open any more. They are no work of a
    body, so that none is counted.
    """
    SentForm.objects.of(body).filter(sent_at__lt=now - KEPT).delete()
    return 0
