"""Check of an OpenID Connect provider's discovery document before anybody signs in through it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests
from django.utils.translation import gettext as _

from municipality.core.protected_addresses import is_protected

MOST_BYTES = 200_000

TIMEOUT = (3, 5)

NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class DiscoveryResult:
    """Result of the check: `fault` is a message, empty on success; `end_session` is the provider's
    sign-out address, if it has one.
    """

    fault: str = ""
    end_session: str = ""


class Unusable(Exception):
    """An address answers nothing that one can sign in through; the message says why."""


def look_at(issuer: str) -> DiscoveryResult:
    """Read the provider's discovery document and check that it can be signed in through."""
    try:
        document = configuration_of(issuer)
    except Unusable as error:
        return DiscoveryResult(str(error))
    end = str(document.get("end_session_endpoint", ""))
    return DiscoveryResult(end_session=end if is_protected(end) and len(end) <= 255 else "")


def configuration_of(issuer: str) -> dict[str, Any]:
    """The provider's discovery document, which must name this issuer. Raises Unusable."""
    if not is_protected(issuer):
        raise Unusable(_("アドレスは https:// で始めてください。"))
    document = document_at(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    stated_issuer = str(document.get("issuer", ""))
    if stated_issuer != issuer:
        words = _(
            "接続先は発行者を「%(said)s」と名乗っています。末尾の / まで同じアドレスを入力してください。"
        )
        raise Unusable(words % {"said": stated_issuer[:200]})
    missing = [name for name in NEEDED if not is_protected(str(document.get(name, "")))]
    if missing:
        raise Unusable(_("接続先の設定に %(names)s がありません。") % {"names": ", ".join(missing)})
    return document


def document_at(address: str) -> dict[str, Any]:
    """The JSON object at an address of a provider. Raises Unusable."""
    try:
        return _read(address)
    except requests.exceptions.SSLError:
        words = _(
            "証明書を確かめられませんでした。庁内の認証局の証明書が必要なときは、運用担当に頼んでください。"
        )
    except requests.exceptions.Timeout:
        words = _(
            "時間内に応答がありませんでした。ファイアウォールで止められていないか確かめてください。"
        )
    except requests.exceptions.RequestException:
        words = _(
            "接続できませんでした。アドレスと、このサーバーからの通信の許可を確かめてください。"
        )
    raise Unusable(words)


def _read(address: str) -> dict[str, Any]:
    with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
        if answer.status_code != 200:
            words = _(
                "%(address)s が %(status)s を返しました。発行者のアドレスを確かめてください。"
            )
            raise Unusable(words % {"address": address, "status": answer.status_code})
        content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    document = _parsed(content) if len(content) <= MOST_BYTES else None
    if document is None:
        raise Unusable(
            _("%(address)s の内容が OpenID Connect の設定ではありません。") % {"address": address}
        )
    return document


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
