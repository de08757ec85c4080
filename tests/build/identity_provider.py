"""A small real OpenID Connect provider on a port of its own: discovery, keys and tokens by HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

CLIENT_ID, CLIENT_SECRET = "telework", "only-for-tests"


@cache
def a_key(name: str) -> rsa.RSAPrivateKey:
    """A private key, the same for the same name; making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(name: str = "1", **other: Any) -> dict[str, Any]:
    """The public half as a provider shows it."""
    shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(a_key(name).public_key()))
    return {**shown, "kid": name, "use": "sig", "alg": "RS256", **other}


def signed(claims: dict[str, Any], name: str = "1", **headers: Any) -> str:
    """An ID token as a right provider signs it."""
    return jwt.encode(claims, a_key(name), algorithm="RS256", headers={"kid": name, **headers})


class Provider:
    """What the provider says of whoever comes. A test sets `claims` and `sign` (ID token), `keys`,
    `config` (discovery document) and `answers` (what stands at a path) first.
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.claims: dict[str, Any] = {"sub": "u-1001"}
        self.sign: Callable[[dict[str, Any]], Any] = signed
        self.keys: Any = [public_key()]
        self.config: dict[str, Any] = {}
        self.answers: dict[str, Any] = {}
        self.nonce = ""
        self.asked: list[str] = []

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ends.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **found, **self.config}

    def token(self) -> dict[str, Any]:
        """The answer to a code."""
        now = int(time.time())
        facts = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        facts |= {"nonce": self.nonce, **self.claims}
        token = self.sign({name: value for name, value in facts.items() if value is not ...})
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def answer(self, path: str) -> Any:
        """The document at a path."""
        self.asked.append(path)
        known = {
            "/.well-known/openid-configuration": self.configuration,
            "/token": self.token,
            "/keys": lambda: {"keys": self.keys},
        }
        if path in self.answers:
            return self.answers[path]
        return known[path]() if path in known else None


@contextmanager
def a_provider() -> Iterator[Provider]:
    """A running provider, stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/authorize":
                self.agree(parse_qs(asked.query))
                return
            told = provider.answer(urlsplit(self.path).path)
            self.send_response(200 if told is not None else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def agree(self, query: dict[str, list[str]]) -> None:
            """Whoever comes agrees at once and is sent back."""
            provider.nonce = query["nonce"][0]
            back = (
                f"{query['redirect_uri'][0]}?{urlencode({'code': 'c', 'state': query['state'][0]})}"
            )
            self.send_response(302)
            self.send_header("Location", back)
            self.end_headers()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *arguments: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_address[1])
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def an_app(provider: Provider, municipality: str = "", provider_id: str = "oidc") -> dict[str, Any]:
    """The settings by which we know the provider."""
    return {
        "provider_id": provider_id,
        "name": "庁内認証",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": provider.issuer, "municipality": municipality},
    }


def goes_through(client: Any, start: Any) -> Any:
    """From the page that leads to the provider, as its user who agrees there, back to the
    callback.
    """
    found = next(
        part
        for part in start.content.decode().split('"')
        if "/authorize?" in part and part.startswith("http")
    )
    answer = requests.get(found.replace("&amp;", "&"), allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def known_as(*apps: dict[str, Any]) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS with these providers of the environment."""
    ours = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    return {"openid_connect": {**ours, "APPS": list(apps)}}
