"""An OpenID Connect provider in a process of its own: RS256, PKCE, client secret, codes that work
once, sign-out. For tests.

`python -m tests.build.identity_process PORT` serves on the loopback; whoever comes to /authorize is
the person named by the query (`login_hint`), else u-1001. It checks what a real provider checks and
refuses the rest with 400.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "telework-town", "only-for-tests-with-a-process"
ROOT = Path(__file__).resolve().parents[2]


class Issuer:
    """Keys and codes of one provider."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        ends = {
            "authorization": "authorize",
            "token": "token",
            "userinfo": "userinfo",
            "end_session": "end",
        }
        found = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in ends.items()}
        methods = {
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]
        }
        return {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **found, **methods}

    def keys(self) -> dict[str, Any]:
        """The public key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def agree(self, query: dict[str, str]) -> str:
        """Where the person goes back to, with a code; raises KeyError or ValueError for a request
        that is not right.
        """
        if (
            query["client_id"] != CLIENT_ID
            or query["response_type"] != "code"
            or query["code_challenge_method"] != "S256"
        ):
            raise ValueError(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**query, "sub": query.get("login_hint", "u-1001")}
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code, which works once and only with the secret and the verifier."""
        asked = self.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (form["client_id"], form["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            raise ValueError("client")
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            raise ValueError("code")
        access, now = secrets.token_urlsafe(16), int(time.time())
        self.tokens[access] = asked["sub"]
        facts = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": asked["sub"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        signed = jwt.encode(facts, self.key, algorithm="RS256", headers={"kid": "1"})
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": signed,
        }


class Handler(BaseHTTPRequestHandler):
    """One request; `issuer` is set on the class."""

    issuer: Issuer

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        pages: dict[str, Any] = {
            "/.well-known/openid-configuration": self.issuer.configuration,
            "/keys": self.issuer.keys,
            "/userinfo": lambda: {
                "sub": self.issuer.tokens[self.headers["Authorization"].removeprefix("Bearer ")]
            },
            "/end": lambda: {"signed": "out"},
        }
        try:
            if asked.path == "/authorize":
                self._send(302, {}, location=self.issuer.agree(query))
            else:
                self._send(200, pages[asked.path]())
        except (KeyError, ValueError):
            self._send(400, {"error": "invalid_request"})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            named = base64.b64decode(basic.removeprefix("Basic ")).decode().split(":", 1)
            form |= dict(zip(("client_id", "client_secret"), named, strict=True))
        try:
            self._send(200, self.issuer.token(form))
        except (KeyError, ValueError):
            self._send(400, {"error": "invalid_grant"})

    def _send(self, status: int, told: dict[str, Any], location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *arguments: Any) -> None:
        """Nothing on the screen."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def provider_process() -> Iterator[str]:
    """The issuer of a provider that runs in its own process, ended afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.build.identity_process", str(port)], cwd=ROOT
    )
    try:
        for _try in range(200):
            try:
                create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    port_asked = int(sys.argv[1])
    Handler.issuer = Issuer(f"http://127.0.0.1:{port_asked}")
    ThreadingHTTPServer(("127.0.0.1", port_asked), Handler).serve_forever()
