"""Identity providers of a body, as the office sets them. A provider is used only after a successful
check.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.accounts.models import IdentityProvider
from municipality.accounts.oidc_discovery import DiscoveryResult, look_at
from municipality.accounts.operations.invitations import TOKEN_LETTERS
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Member, Municipality
from municipality.organisation.rules import is_office


@operation
def add_provider(
    body: Municipality,
    *,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    by: Member,
    now: datetime,
) -> IdentityProvider:
    """Register a provider, not active yet. Its secret is stored encrypted."""
    require(is_office(by))
    provider = IdentityProvider.objects.create(
        municipality=body,
        slug=_fresh_slug(body),
        name=name,
        issuer=issuer,
        client_id=client_id,
        sealed_secret=IdentityProvider.seal(secret),
    )
    record(by, "provider.added", provider, issuer=issuer)
    return provider


def _fresh_slug(body: Municipality) -> str:
    return f"{body.pk}-{''.join(secrets.choice(TOKEN_LETTERS) for _place in range(6))}"


@operation
def change_provider(
    provider: IdentityProvider,
    *,
    edition: int,
    secret: str,
    by: Member,
    now: datetime,
    **values: Any,
) -> IdentityProvider:
    """Change a provider; an empty secret keeps the old one. After a change of its address it must
    be checked again. Raises Conflict when stale.
    """
    require(is_office(by))
    anew = bool(secret) or any(
        getattr(provider, key) != values[key] for key in ("issuer", "client_id")
    )
    changes = {**values, **({"sealed_secret": IdentityProvider.seal(secret)} if secret else {})}
    if anew:
        changes |= {"is_active": False, "checked_at": None, "end_session": ""}
    before = {
        key: getattr(provider, key)
        for key, value in values.items()
        if getattr(provider, key) != value
    }
    change(provider, edition=edition, **changes)
    record(
        by,
        "provider.changed",
        provider,
        before=before,
        after={key: values[key] for key in before},
        secret=bool(secret),
    )
    return provider


def try_provider(provider: IdentityProvider, *, by: Member, now: datetime) -> DiscoveryResult:
    """Check the provider; on success it becomes active. The network is accessed outside a
    transaction.
    """
    require(is_office(by))
    result = look_at(provider.issuer)
    _note_try(provider, result, by=by, now=now)
    return result


@operation
def _note_try(
    provider: IdentityProvider, result: DiscoveryResult, *, by: Member, now: datetime
) -> None:
    right = {"checked_at": now, "end_session": result.end_session, "is_active": True}
    updates = {"tried_at": now, **({} if result.fault else right)}
    IdentityProvider.objects.filter(pk=provider.pk).update(**updates)
    record(by, "provider.tried", provider, answered=not result.fault)


@operation
def stop_provider(provider: IdentityProvider, *, by: Member, now: datetime) -> None:
    """Deactivate the provider; people who are signed in stay signed in. Raises Conflict when it is
    inactive already.
    """
    require(is_office(by))
    if not IdentityProvider.objects.filter(pk=provider.pk, is_active=True).update(is_active=False):
        raise Conflict(_("この接続先は、すでに使われていません。"))
    record(by, "provider.stopped", provider)
