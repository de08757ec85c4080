"""Second factor in a session: whether and when it was shown, and the key that is being
registered.
"""

from __future__ import annotations

import base64
import time
from urllib.parse import quote, urlencode

import django_otp
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from municipality.accounts.allauth_adapter import remember_device
from municipality.accounts.models import GuardedDevice, User
from municipality.accounts.operations.second_factor import factor_of, fresh_key
from municipality.accounts.operations.sign_in import members_of
from municipality.accounts.session_timeouts import SESSION_LIMITS, limits_of
from municipality.core.encryption import keep_in_session, kept_in_session

VERIFIED_AT = "verified_at"

ENROLLING = "enrolling"

ENROLLING_TABLE = "enrolling_table"

FRESH_SECONDS = 600
"""How long after a code one may change authenticator, recovery codes and address without showing
another.
"""


def next_of(request: HttpRequest) -> str:
    """Address that the person wanted to open; only addresses of this site."""
    asked = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    own = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if own else settings.LOGIN_REDIRECT_URL


def is_fresh(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session within the last ten minutes."""
    return (
        request.user.is_verified()
        and time.time() - request.session.get(VERIFIED_AT, 0) < FRESH_SECONDS
    )


def to_second_factor(back: str) -> HttpResponse:
    """Redirect to the second factor, with this address to return to."""
    query = urlencode({REDIRECT_FIELD_NAME: back})
    return redirect(f"{reverse('municipality_outside:two_factor_verify')}?{query}")


def mark_verified(request: HttpRequest, device: GuardedDevice) -> None:
    """The session is verified from now on, under a new key; the list of one's sessions follows it.

    It hangs on the authenticator or table also when a recovery code was shown, so that a new sheet
    does not end it.
    """
    django_otp.login(request, factor_of(request.user) or device)
    request.session[VERIFIED_AT] = int(time.time())
    request.session[SESSION_LIMITS] = limits_of(
        member.municipality for member in members_of(request.user)
    )
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)


def passed(request: HttpRequest, device: GuardedDevice) -> HttpResponse:
    """Mark the session as verified and redirect to the address that the person wanted."""
    mark_verified(request, device)
    response = redirect(next_of(request))
    remember_device(request, response, request.user)
    return response


def pending_key(request: HttpRequest, name: str = ENROLLING) -> bytes:
    """Key that this session offers to register. It stays the same until registration and is stored
    encrypted in the session only.
    """
    key = kept_in_session(request.session, name)
    if key is None:
        key = fresh_key()
        keep_in_session(request.session, name, key)
    return key


def key_text(key: bytes) -> str:
    """Key in base32, as it is typed into an app."""
    return base64.b32encode(key).decode()


def key_address(key: bytes, user: User) -> str:
    """URI (otpauth) for the QR code of authenticator apps, without parameters that have the
    standard's default.
    """
    parameters = {"secret": key_text(key), "issuer": settings.OTP_TOTP_ISSUER}
    return f"otpauth://totp/{quote(user.username)}?{urlencode(parameters, quote_via=quote)}"


def device_words(agent: str) -> str:
    """Browser and system in two words; the text of the browser itself when it is unknown."""
    browsers = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {
        "Windows": "Windows",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Android": "Android",
        "Mac OS": "Mac",
        "Linux": "Linux",
    }
    browser = next((name for mark, name in browsers.items() if mark in agent), "")
    system = next((name for mark, name in systems.items() if mark in agent), "")
    return f"{browser} ({system})" if browser and system else agent[:60]
