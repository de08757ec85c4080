"""Access to each address: signed in, second factor shown, and member of the body in the address."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from municipality.accounts.session_timeouts import is_lapsed, seconds_left, tighten, touch
from municipality.accounts.url_access import (
    BEFORE_SECOND_FACTOR,
    CARRY_A_SECRET,
    FOR_EVERYBODY,
    AccessLevel,
    access_level_of,
)
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, authority_on
from municipality.web.middleware import GetResponse, refused, view_name_of
from municipality.web.unsaved_form import TYPED, drop, keep, kept, typed_now

ONLY_BODY = "only_body"
"""Session key: the one body that a session opened through this body's own identity provider may
enter.
"""


LOCKED = _(
    "別の団体でログインの方法が作り直されました。%(body)sの事務局が本人を確かめるまで、この団体には入れません。"
)


def to_sign_in(
    request: HttpRequest, name: str = "account_login", *, back: str = ""
) -> HttpResponse:
    """Redirect to a sign-in page with the address to return to; requests that do not accept HTML
    get a short refusal.
    """
    if not request.accepts("text/html"):
        return JsonResponse({"detail": "sign_in_required"}, status=403)
    is_kept = request.method == "GET" and view_name_of(request) not in CARRY_A_SECRET
    back = back or (request.get_full_path() if is_kept else "/")
    return redirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def _lapse(request: HttpRequest, *, in_body: bool) -> HttpResponse:
    """End the session. What was typed into a form of a body is kept for the same person's next
    session.
    """
    fields = typed_now(request) if in_body else None
    logout(request)
    if fields is None:
        return to_sign_in(request)
    keep(request.session, fields)
    return to_sign_in(request, back=reverse("municipality_outside:typed"))


def _is_sent_again(request: HttpRequest) -> bool:
    typed = kept(request)
    return typed is None or typed.path == request.path


def _was_ended(member: Member, session: Any) -> bool:
    """True when the office ended the person's sessions after this one began."""
    ended = member.sessions_ended_at
    return ended is not None and session.get("started_at", 0) <= ended.timestamp()


class AccessMiddleware:
    """Access to every address is refused unless url_access declares it, whichever app it belongs
    to.

    Sessions past their time limits end here too (session_timeouts).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: access is decided in process_view, where the address is resolved."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Check sign-in first, then the second factor, then the declared access level. An address
        without a declaration raises ImproperlyConfigured.
        """
        name = view_name_of(request)
        if name in FOR_EVERYBODY:
            return None
        level = access_level_of(name, in_body="code" in kwargs)
        if not request.user.is_authenticated:
            return None if level is AccessLevel.OPEN else to_sign_in(request)
        if self._lapsed(request.session):
            return _lapse(request, in_body="code" in kwargs)
        if request.method == "POST" and TYPED in request.session and _is_sent_again(request):
            drop(request.session)
        if not request.user.is_verified() and name not in BEFORE_SECOND_FACTOR:
            return to_sign_in(request, "municipality_outside:two_factor_verify")
        if level is None:
            raise ImproperlyConfigured(
                f"{name} stands in no list of municipality/accounts/url_access.py"
            )
        if level is AccessLevel.SHUT:
            raise Http404
        return None

    def _lapsed(self, session: Any) -> bool:
        now = round(time.time(), 3)
        return is_lapsed(session, *touch(session, now), now)


class MemberMiddleware:
    """Set the member, the body and the time of a request below /<code>/. Without a Member in that
    body the answer is 404, as for a body that does not exist.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the time of the request once."""
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        request.member = request.municipality = None  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a view without a declared rule, then set the member."""
        if "code" not in kwargs:
            return None
        if not hasattr(view, "page"):
            raise ImproperlyConfigured(f"{view_name_of(request)} declares no rule")
        member = _member_of(request, kwargs["code"])
        if _was_ended(member, request.session):
            logout(request)
            return to_sign_in(request)
        if member.locked_at is not None:
            return _locked(request, member)
        tighten(request.session, member.municipality)
        member.user = request.user
        member.authority = authority_on(member, request.today)
        if not member.authority.posts:
            raise Http404
        request.member, request.municipality = member, member.municipality
        request.seconds_left = lambda: seconds_left(request.session, request.now.timestamp())
        request.unread_notices = lambda: Notice.objects.visible_to(member).unread().count()
        return None


def _member_of(request: HttpRequest, code: str) -> Member:
    """The person in this body, which the session may enter. Raises Http404."""
    people = Member.objects.filter(user=request.user.pk, municipality=code, is_active=True)
    member = people.select_related("municipality").first()
    if member is None or request.session.get(ONLY_BODY, code) != code:
        raise Http404
    return member


def _locked(request: HttpRequest, member: Member) -> HttpResponse:
    """The refusal of a body that has to make sure of the person first, as the log keeps it."""
    request.member = member
    refused(request)
    request.member = None  # type: ignore[assignment]
    reason = LOCKED % {"body": member.municipality.name}
    return render(request, "403.html", {"reason": reason}, status=403)
