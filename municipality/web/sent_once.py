"""A form that is sent twice is done once: a double click, a repeated request.

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
from typing import TYPE_CHECKING, Any

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


def sent_before(request: HttpRequest) -> HttpResponse | None:
    """The way to what the form made when it was sent before, also where that removed the row of its
    page; None for a form that comes for the first time.
    """
    key = _key_of(request)
    sent = SentForm.objects.filter(**key).first() if key else None
    return _to_its_result(request, sent) if sent else None


def done_once(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer to a form, in one transaction with the note that it was sent; to any other request
    the answer alone.
    """
    key = _key_of(request)
    return _first_time(request, key, answer) if key else answer()


@operation
def _first_time(request: HttpRequest, key: dict[str, Any], answer: Answer) -> HttpResponse:
    made = {"municipality": request.municipality, "sent_at": request.now}
    sent, is_first = SentForm.objects.get_or_create(**key, defaults=made)
    if not is_first:
        return _to_its_result(request, sent)
    response = answer()
    if response.status_code == 302:
        sent.address = response.headers["Location"]
        sent.save(update_fields=["address"])
    else:
        sent.delete()  # shown again with what is wrong, or a file: nothing was made that has a page
    return response


def _to_its_result(request: HttpRequest, sent: SentForm) -> HttpResponse:
    words = _("同じ内容がすでに送信されています。先に受け付けた結果を表示します。")
    messages.info(request, words)
    return redirect(sent.address)


def _key_of(request: HttpRequest) -> dict[str, Any]:
    """By what a sent form is known; empty for what is no form of ours. Read and digested once."""
    token = request.POST.get(TOKEN_FIELD, "") if request.method == "POST" else ""
    if not TOKEN.fullmatch(token):
        return {}
    digest = getattr(request, "form_digest", "") or _digest(request)
    request.form_digest = digest  # type: ignore[attr-defined]
    return {"member": request.member, "token": token, "digest": digest}


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
