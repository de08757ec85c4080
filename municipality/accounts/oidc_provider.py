"""Sign-in by OpenID Connect as the standard asks (Core 1.0, 3.1.2 and 3.1.3), where the sign-in
library asks for less: a nonce, signed ID tokens, and nothing but them.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from municipality.accounts.oidc_discovery import Unusable, configuration_of, document_at

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Signatures that only the holder of a private key can make: not `none`, and no shared secret."""

NEEDED = ("iss", "sub", "aud", "exp", "iat")

LEEWAY_SECONDS = 60

MOST_SUBJECT = 255
"""Letters of a subject (Core 1.0, 2)."""


class SignedTokenAdapter(OpenIDConnectOAuth2Adapter):
    """The provider's answers. What is wrong with one is an OAuth2Error, whatever it is."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document of the issuer that was set, which must name itself so."""
        try:
            return configuration_of(self.get_provider().app.settings["server_url"])
        except Unusable as error:
            raise OAuth2Error(str(error)) from error

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The answer to a code."""
        try:
            return dict(super().get_access_token_data(*args, **kwargs))
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("no answer to a code") from error

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The access token, which is not used and not stored."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The sign-in of whom the ID token names; the user information is not asked."""
        claims = self.claims_in(kwargs["response"].get("id_token"), app.client_id)
        asked = {name: claims.get(name) for name in ("iss", "sub", "nonce")}
        return self.get_provider().sociallogin_from_response(request, {"id_token": asked})

    def claims_in(self, token: Any, client_id: str) -> dict[str, Any]:
        """What the ID token says, once its signature and its claims are checked."""
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key_of(token, document_at(config["jwks_uri"])),
                algorithms=ALGORITHMS,
                audience=client_id,
                issuer=config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": list(NEEDED)},
            )
        except (jwt.PyJWTError, Unusable) as error:
            raise OAuth2Error(str(error)) from error
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            # Numbers, keys and lists that are none: the library tells of them as Python does.
            raise OAuth2Error("an ID token or keys without sense") from error
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if many else client_id) != client_id:
            raise OAuth2Error("the ID token was made for another client (azp)")
        if not 0 < len(claims["sub"]) <= MOST_SUBJECT:
            raise OAuth2Error("a subject of no or too many letters")
        return claims


def key_of(token: str, document: dict[str, Any]) -> jwt.PyJWK:
    """The one public key that the token says it is signed with. Raises PyJWTError for none."""
    header = jwt.get_unverified_header(token)
    algorithm = header["alg"]
    fitting = [
        key
        for key in document["keys"]
        if key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]
    if algorithm not in ALGORITHMS or len(fitting) != 1:
        raise jwt.InvalidKeyError("no key of the provider for this ID token")
    return jwt.PyJWK(fitting[0], algorithm=algorithm)


class SignedTokenProvider(OpenIDConnectProvider):
    """The library's provider, with a nonce that its ID token must repeat."""

    package = OpenIDConnectProvider.get_package()  # where the library looks for its addresses
    oauth2_adapter_class = SignedTokenAdapter

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The way to the provider; the nonce is kept with the state of this sign-in."""
        nonce = secrets.token_urlsafe(32)
        kwargs["auth_params"] = {**(kwargs.get("auth_params") or self.get_auth_params())}
        kwargs["auth_params"]["nonce"] = nonce
        return super().redirect(request, *args, nonce=nonce, **kwargs)
