"""Identity providers of the bodies: the body a provider belongs to, and the identity it states."""

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
class ProviderIdentity:
    """Identity stated by a provider; only issuer and subject are trusted."""

    issuer: str
    subject: str

    @classmethod
    def of(cls, sociallogin: Any) -> Self:
        """Identity in the checked ID token."""
        claims = sociallogin.account.extra_data["id_token"]
        return cls(claims["iss"], claims["sub"])


def body_of(app: Any) -> str | None:
    """Code of the body that the provider belongs to: the one in its settings, else the only body of
    the installation.
    """
    named = app.settings.get("municipality")
    if named:
        return str(named)
    codes = list(Municipality.objects.values_list("pk", flat=True)[:2])
    return codes[0] if len(codes) == 1 else None


def apps_of_environment(asked: str | None, client_id: str | None) -> list[SocialApp]:
    """Provider of the environment, if it matches kind, name and client."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS[LIBRARY].get("APPS", [])
    return [
        SocialApp(provider=LIBRARY, **app)
        for app in apps
        if asked in (None, "", LIBRARY, app["provider_id"])
        and client_id in (None, "", app["client_id"])
    ]


def apps_of_bodies(request: HttpRequest, asked: str | None) -> list[SocialApp]:
    """Active providers set by offices: the requested one, else those of the body that the person
    wants to open.

    The body is taken from the address (`?next=/993018/…`), so that the plain sign-in page needs no
    query.
    """
    if asked and asked != LIBRARY:
        rows = IdentityProvider.objects.in_use().filter(slug=asked)
    elif code := body_on_the_way(request):
        rows = IdentityProvider.objects.in_use().filter(municipality=code)
    else:
        return []
    return [app for row in rows if (app := _app(row)) is not None]


def provider_named(slug: str) -> IdentityProvider | None:
    """Provider with this name, active or not; None when there is none."""
    return IdentityProvider.objects.named(slug).first()


def body_on_the_way(request: HttpRequest) -> str:
    """Code of the body whose page or invitation the request leads to; else an empty string."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or ""
    match = BODY_IN_ADDRESS.match(wanted)
    return getattr(request, "inviting_body", "") or (match[1] if match else "")


def _app(row: IdentityProvider) -> SocialApp | None:
    """Provider in the library's form; None when the key of its secret is missing."""
    try:
        secret = row.secret
    except InvalidToken:
        return None
    values = {"server_url": row.issuer, "municipality": row.municipality_id}
    return SocialApp(
        provider=LIBRARY,
        provider_id=row.slug,
        name=row.name,
        client_id=row.client_id,
        secret=secret,
        settings=values,
    )
