"""What the sign-in library asks of us: who may come in, what is counted, what is written down, what
is told.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipality.accounts.middleware import ONLY_BODY
from municipality.accounts.models import Identity, User
from municipality.accounts.oidc import (
    ProviderIdentity,
    apps_of_bodies,
    apps_of_environment,
    body_of,
)
from municipality.accounts.operations import invitations, sign_in
from municipality.core import rate_limits
from municipality.core.date_words import clock
from municipality.core.encryption import kept_in_session

logger = logging.getLogger(__name__)

DEVICE_DAYS = 180

THROUGH = "through"
"""Session key: the identity provider through which a session was opened."""

INVITED = "invitation"
"""Session key: the secret of the invitation that somebody is looking at."""


def address_of(request: HttpRequest) -> str:
    """The network address a request came from; of IPv6 the first 64 bits, which one subscriber
    holds.
    """
    text = AccountAdapter(request).get_client_ip(request)
    if ipaddress.ip_address(text).version == 6:
        return str(ipaddress.ip_network(f"{text}/64", strict=False).network_address)
    return text


def _cookie(name: str) -> str:
    return f"known-{sign_in.digest_of_name(name)[:12]}"


def known_device(request: HttpRequest, name: str) -> str:
    """Number of this browser if somebody signed in completely with this name on it before; else an
    empty string.
    """
    try:
        return signing.loads(
            request.COOKIES.get(_cookie(name), ""), salt=_cookie(name), max_age=DEVICE_DAYS * 86400
        )
    except signing.BadSignature:
        return ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Mark this browser as known for the user's name, so that failed sign-ins from elsewhere do not
    lock the user out of it.
    """
    cookie = _cookie(user.username)
    number = known_device(request, user.username) or get_random_string(20)
    response.set_cookie(
        cookie,
        signing.dumps(number, salt=cookie),
        max_age=DEVICE_DAYS * 86400,
        path="/accounts/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _pause_words(limit: rate_limits.Limit, since: float) -> str:
    """Message with the start and end of the pause and what helps. It is the same for names without
    an account, so that it tells nobody which names exist.
    """
    first, last = (datetime.fromtimestamp(moment, UTC) for moment in (since, limit.ends_at()))
    return _(
        "失敗が続いたため、%(since)sからこのログイン名でのログインを止めています。%(until)sを過ぎると、もう一度行えます。"
        "パスワードを忘れたときは「パスワードを忘れたとき」から決め直してください。急ぐときは、事務局に解除を頼んでください。"
    ) % {"since": clock(first), "until": clock(last)}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("ログイン名またはパスワードが違います。"),
        "too_many_login_attempts": _(
            "失敗が続いたため、しばらくの間ログインを止めています。5分ほどたってから、もう一度行ってください。"
        ),
        "incorrect_password": _("パスワードが違います。"),
        "enter_current_password": _("いまのパスワードを入力してください。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always False: accounts are created by invitation only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library's own limit is not used: `authenticate` takes a slot first."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user when the password is right, else None. A slot of the rate limit is taken before
        the check, so that parallel guesses are counted; a right password gives it back.
        """
        slot = self._take_slot(request, sign_in.plain_name(credentials.get("username", "")))
        user = super().authenticate(request, **credentials)
        if user is not None:
            rate_limits.give_back(slot)
        return user

    def _take_slot(self, request: HttpRequest, name: str) -> str:
        """Take a slot of the rate limits. Raises ValidationError when none is left."""
        device, address = known_device(request, name), address_of(request)
        limit, key = (
            rate_limits.NAME_BY_DEVICE if device else rate_limits.NAME_BY_STRANGERS,
            rate_limits.name_key(name, device),
        )
        slot = None if not device and rate_limits.ADDRESS.is_used_up(address) else limit.take(key)
        if slot is None:
            raise ValidationError(
                _pause_words(limit, self._first_refusal(limit, key, name, address)), code="limited"
            )
        return slot

    def _first_refusal(self, limit: rate_limits.Limit, key: str, name: str, address: str) -> float:
        """Start of the refusals in this window of the rate limit. The first refusal is logged."""
        mark, now = f"limited:{limit.slots(key)[0]}", time.time()
        if cache.add(mark, now, limit.seconds):
            sign_in.note_failed_sign_in(name, address=address, verb="sign_in.limited")
        return float(cache.get(mark, now))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log a failed sign-in; from an unknown browser it also counts for the network address."""
        name, address = sign_in.plain_name(credentials.get("username", "")), address_of(request)
        if not known_device(request, name):
            rate_limits.ADDRESS.take(address)
        sign_in.note_failed_sign_in(name, address=address)

    def login(self, request: HttpRequest, user: User) -> None:
        """Open the session (with a new key) and write it down."""
        super().login(request, user)
        only = getattr(request, "identity_body", "")
        if only:
            request.session[ONLY_BODY] = only
            request.session[THROUGH] = request.identity_app  # type: ignore[attr-defined]
        else:
            request.session.pop(ONLY_BODY, None)
        way = "identity" if only else getattr(request, "sign_in_way", "password")
        sign_in.note_sign_in(user, way=way, address=address_of(request))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Address after signing out. Whoever signed in through an identity provider is also shown
        how to sign out there, because the next person at the terminal would otherwise come in
        without a password.
        """
        through = request.session.get(THROUGH, "")
        return (
            f"{reverse('municipality_outside:signed_out')}?{urlencode({'through': through})}"
            if through
            else "/"
        )

    def logout(self, request: HttpRequest) -> None:
        """Close the session and write it down."""
        user = request.user if request.user.is_authenticated else None
        super().logout(request)
        if user is not None:
            sign_in.note_sign_out(user)

    def set_password(self, user: User, password: str) -> None:
        """Save a password after a change, a reset or as the first one."""
        sign_in.change_password(user, password, now=timezone.now())

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the outbox: the page takes the same time for an unknown address, and a
        mail server that is down causes no error.
        """
        sign_in.ask_password_reset(user, now=timezone.now())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: security notices are sent by operations/sign_in."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Nothing: the page after sign-in and sign-out shows it itself."""
        if message_template not in {
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        }:
            super().add_message(request, level, message_template, *args, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through a body's own identity provider: bound by issuer and subject at an invitation,
    never by mail.
    """

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[Any]:
        """Providers of the environment and of the bodies. The library's own table is not used,
        because it stores secrets unencrypted.
        """
        return apps_of_environment(provider, client_id) + apps_of_bodies(request, provider)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Always False: accounts are created by invitation only."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Always None: a mail address proves no identity."""
        return

    def get_requests_session(self) -> Any:
        """The library's session. A provider's addresses are checked, so they lead nowhere else."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *args: Any, exception: Any = None, **kwargs: Any
    ) -> None:
        """Log what was wrong with a provider's answer. Without an exception there was none: anybody
        can call the address to which people come back.
        """
        if exception is not None:
            logger.warning("%s: %.200r", provider.app.provider_id, exception)
            sign_in.note_refused_provider(provider.id, address=address_of(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sign in the user whose identity is bound, bind the identity when an invitation is being
        accepted, and refuse everybody else with a message.
        """
        nonce = sociallogin.state.get("nonce")
        if not nonce or sociallogin.account.extra_data["id_token"]["nonce"] != nonce:
            raise OAuth2Error("the ID token belongs to another sign-in (nonce)")
        asked, body = ProviderIdentity.of(sociallogin), body_of(sociallogin.provider.app)
        user = None
        if body is not None and sociallogin.state.get("process") == "login":
            user = self._owner(asked) or self._accept(request, sociallogin, asked, body)
        if user is None:
            sign_in.note_refused_provider(sociallogin.account.provider, address=address_of(request))
            raise ImmediateHttpResponse(
                render(request, "municipality/accounts/identity_refused.html", status=403)
            )
        sociallogin.user, request.identity_body = user, body  # type: ignore[attr-defined]
        request.identity_app = sociallogin.provider.app.provider_id  # type: ignore[attr-defined]

    def _owner(self, asked: ProviderIdentity) -> User | None:
        account = (
            Identity.objects.filter(issuer=asked.issuer, subject=asked.subject)
            .select_related("user")
            .first()
        )
        return account.user if account else None

    def _accept(
        self, request: HttpRequest, sociallogin: Any, asked: ProviderIdentity, body: str
    ) -> User | None:
        """New account for the person who started from the invitation page, at a provider of the
        inviting body.
        """
        if sociallogin.state.get("next") != reverse("municipality_outside:two_factor_setup"):
            return None
        now = timezone.now()
        token = kept_in_session(request.session, INVITED)
        invitation = invitations.open_invitation(token.decode(), now=now) if token else None
        if invitation is None or invitation.renews or invitation.municipality_id != body:
            return None
        del request.session[INVITED]
        return invitations.accept_by_identity(
            invitation,
            issuer=asked.issuer,
            subject=asked.subject,
            language=get_language() or "",
            now=now,
        )
