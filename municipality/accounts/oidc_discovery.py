"""Looking at what an OpenID Connect provider says of itself, before anybody signs in through it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _

MOST_BYTES = 200_000

TIMEOUT = (3, 5)

NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Found:
    """What was found: `fault` in words, empty when all is well; where one signs out at the
    provider, if it says so.
    """

    fault: str = ""
    end_session: str = ""


def may_be_asked(address: str) -> bool:
    """Only https; an installation that itself runs without TLS may ask without it, too."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and not settings.HTTPS)
    )


def look_at(issuer: str) -> Found:
    """Read the provider's discovery document and check that it can be signed in through."""
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    if not may_be_asked(issuer):
        return Found(_("アドレスは https:// で始めてください。"))
    try:
        told = _read(address)
    except requests.exceptions.SSLError:
        return Found(
            _(
                "証明書を確かめられませんでした。庁内の認証局の証明書が必要なときは、運用担当に頼んでください。"
            )
        )
    except requests.exceptions.Timeout:
        return Found(
            _(
                "時間内に応答がありませんでした。ファイアウォールで止められていないか確かめてください。"
            )
        )
    except requests.exceptions.RequestException:
        return Found(
            _("接続できませんでした。アドレスと、このサーバーからの通信の許可を確かめてください。")
        )
    except ValueError as error:
        return Found(str(error))
    return _judge(issuer, told)


def _read(address: str) -> dict[str, Any]:
    with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
        if answer.status_code != 200:
            words = _(
                "%(address)s が %(status)s を返しました。発行者のアドレスを確かめてください。"
            )
            raise ValueError(words % {"address": address, "status": answer.status_code})
        content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    told = _parsed(content) if len(content) <= MOST_BYTES else None
    if told is None:
        raise ValueError(
            _("%(address)s の内容が OpenID Connect の設定ではありません。") % {"address": address}
        )
    return told


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _judge(issuer: str, told: dict[str, Any]) -> Found:
    said = str(told.get("issuer", ""))
    if said != issuer:
        words = _(
            "接続先は発行者を「%(said)s」と名乗っています。末尾の / まで同じアドレスを入力してください。"
        )
        return Found(words % {"said": said[:200]})
    missing = [name for name in NEEDED if not may_be_asked(str(told.get(name, "")))]
    if missing:
        return Found(_("接続先の設定に %(names)s がありません。") % {"names": ", ".join(missing)})
    end = str(told.get("end_session_endpoint", ""))
    return Found(end_session=end if may_be_asked(end) and len(end) <= 255 else "")
