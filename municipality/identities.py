"""Identity providers of the bodies: which body one belongs to, and who it says is asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from .models import Municipality


@dataclass(frozen=True)
class AskedIdentity:
    """Who a provider says somebody is: only issuer and subject are believed."""

    issuer: str
    subject: str

    @classmethod
    def of(cls, sociallogin: Any) -> Self | None:
        """From the checked ID token; None without one, or when the two answers of the provider speak of two people."""
        told = sociallogin.account.extra_data
        claims, further = told.get("id_token") or {}, told.get("userinfo") or {}
        issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
        if not issuer or not subject or str(further.get("sub", subject)) != subject:
            return None
        return cls(issuer, subject)


def body_of(app: Any) -> str | None:
    """The code of the body that the provider belongs to: named in its settings, else the only body there is."""
    named = app.settings.get("municipality")
    if named:
        return str(named)
    codes = list(Municipality.objects.values_list("pk", flat=True)[:2])
    return codes[0] if len(codes) == 1 else None
