"""A small real OpenID Connect provider on a port of its own: discovery, token and user information
by HTTP.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT_ID, CLIENT_SECRET = "telework", "only-for-tests"


class Provider:
    """What the provider says of whoever comes: set `claims` (ID token) and `further` (user
    information) before a test.
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.claims: dict[str, Any] = {"sub": "u-1001"}
        self.further: dict[str, Any] | None = None
        self.with_id_token = True
        self.asked: list[str] = []

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ends.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **found}

    def token(self) -> dict[str, Any]:
        """The answer to a code."""
        facts = {"iss": self.issuer, "aud": CLIENT_ID, "exp": int(time.time()) + 300, **self.claims}
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 300}
        return (
            {**answer, "id_token": jwt.encode(facts, "k" * 32, algorithm="HS256")}
            if self.with_id_token
            else answer
        )

    def answer(self, path: str) -> dict[str, Any] | None:
        """The document at a path."""
        self.asked.append(path)
        known = {
            "/.well-known/openid-configuration": self.configuration,
            "/token": self.token,
            "/userinfo": lambda: self.further if self.further is not None else self.claims,
        }
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


def goes_through(client: Any, start: Any, provider_id: str = "oidc") -> Any:
    """From the page that leads to the provider, as its user who agrees there, back to the
    callback.
    """
    address = start.content.decode().split('href="', 1)[1]
    found = next(
        part
        for part in start.content.decode().split('"')
        if "/authorize?" in part and part.startswith("http")
    )
    state = parse_qs(urlsplit(found.replace("&amp;", "&")).query)["state"][0]
    assert address
    return client.get(f"/accounts/oidc/{provider_id}/login/callback/?code=c&state={state}")
