"""Identity providers of the bodies: which body one belongs to, and who it says is asking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from allauth.socialaccount.models import SocialApp
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest

from municipality.accounts.models import IdentityProvider
from municipality.organisation.models import Municipality

LIBRARY = "openid_connect"

BODY_IN_ADDRESS = re.compile(r"^/([0-9]{6})/")


@dataclass(frozen=True)
class AskedIdentity:
    """Who a provider says somebody is: only issuer and subject are believed."""

    issuer: str
    subject: str

    @classmethod
    def of(cls, sociallogin: Any) -> Self | None:
        """From the checked ID token; None without one, or when the two answers of the provider
        speak of two people.
        """
        told = sociallogin.account.extra_data
        claims, further = told.get("id_token") or {}, told.get("userinfo") or {}
        issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
        if not issuer or not subject or str(further.get("sub", subject)) != subject:
            return None
        return cls(issuer, subject)


def body_of(app: Any) -> str | None:
    """The code of the body that the provider belongs to: named in its settings, else the only body
    there is.
    """
    named = app.settings.get("municipality")
    if named:
        return str(named)
    codes = list(Municipality.objects.values_list("pk", flat=True)[:2])
    return codes[0] if len(codes) == 1 else None


def apps_of_environment(asked: str | None, client_id: str | None) -> list[SocialApp]:
    """The provider of the environment, if it is the one asked for: by kind, by name, by client."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS[LIBRARY].get("APPS", [])
    return [
        SocialApp(provider=LIBRARY, **app)
        for app in apps
        if asked in (None, "", LIBRARY, app["provider_id"])
        and client_id in (None, "", app["client_id"])
    ]


def apps_of_bodies(request: HttpRequest, asked: str | None) -> list[SocialApp]:
    """The providers that offices have set: the one asked for, else those of the body that somebody
    is on the way to.

    Where one is on the way to stands in the address (`?next=/993018/…`), so that the plain sign-in
    page asks no table.
    """
    if asked and asked != LIBRARY:
        rows = IdentityProvider.objects.in_use().filter(slug=asked)
    elif code := body_on_the_way(request):
        rows = IdentityProvider.objects.in_use().filter(municipality=code)
    else:
        return []
    return [app for row in rows if (app := _app(row)) is not None]


def provider_named(slug: str) -> IdentityProvider | None:
    """The provider of this name, in use or not; None when there is none."""
    return IdentityProvider.objects.named(slug).first()


def body_on_the_way(request: HttpRequest) -> str:
    """The code of the body whose page somebody wants to open, or whose invitation they hold; else
    nothing.
    """
    wanted = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or ""
    found = BODY_IN_ADDRESS.match(wanted)
    return getattr(request, "inviting_body", "") or (found[1] if found else "")


def _app(row: IdentityProvider) -> SocialApp | None:
    """The provider as the library knows it; None when the key of its secret is gone."""
    try:
        secret = row.secret
    except InvalidToken:
        return None
    facts = {"server_url": row.issuer, "issuer": row.issuer, "municipality": row.municipality_id}
    return SocialApp(
        provider=LIBRARY,
        provider_id=row.slug,
        name=row.name,
        client_id=row.client_id,
        secret=secret,
        settings=facts,
    )


def speaks_for(app: Any, asked: AskedIdentity) -> bool:
    """Does the provider say of itself who it is? One that an office set must not speak in the name
    of another issuer.
    """
    return app.settings.get("issuer", asked.issuer) == asked.issuer
