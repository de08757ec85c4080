"""A person at a real browser, with an eye on what pages do: axe, the console, the content security
policy, other hosts.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django_otp.oath import TOTP

from municipality.accounts.models import Authenticator
from municipality.organisation.models import Member
from tests.build.municipality import PASSWORD, an_account

AXE = (Path(settings.BASE_DIR) / ".vendor" / "test" / "axe.min.js").read_text
LISTEN = """document.addEventListener(
    'securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI)
)"""


class Person:
    """Somebody who walks through pages; `look` judges the page they are on."""

    def __init__(
        self, browser: Any, base: str, *, width: int = 1280, height: int = 900, language: str = "ja"
    ) -> None:
        self.base = base
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="ja-JP", timezone_id="Asia/Tokyo"
        )
        self.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base}]
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.looked_at: list[str] = []
        self.page.add_init_script(LISTEN)
        self.page.on(
            "console",
            lambda message: self.complaints.append(
                f"{self.page.url} {message.type}: {message.text}"
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url} {error}"))
        self.page.on("request", self._same_host)

    def _same_host(self, request: Any) -> None:
        if (
            urlsplit(request.url).scheme not in {"data", "blob"}
            and urlsplit(request.url).netloc != urlsplit(self.base).netloc
        ):
            self.complaints.append(f"{self.page.url} asks {request.url}")

    def go(self, address: str) -> None:
        """Open an address and look at the page."""
        answer = self.page.goto(f"{self.base}{address}")
        assert answer.status == 200, (address, answer.status)
        self.look()

    def press(self, selector: str) -> None:
        """Click what leads to another page, and look at that one."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.look()

    def look(self) -> None:
        """Nothing for axe to find, nothing in the console, nothing wider than the window."""
        self.page.wait_for_load_state()
        self.page.evaluate(AXE())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        told = [
            f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']][:3]}" for rule in found
        ]
        assert told == [], (self.page.url, told)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, (self.page.url, "scrolls sideways by", wide)
        assert self.complaints == []
        self.looked_at.append(urlsplit(self.page.url).path)

    def sign_in(self, member: Member) -> None:
        """Through the pages: name and password, then the six digits of the authenticator."""
        user = member.user or an_account(member)
        self.go("/")
        self.page.fill("input[name=login]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.press(".gatecard form:not(.one) button.btn-1")
        self.page.fill("input[name=token]", code_of(user))
        self.press(".gatecard button.btn-1")


def code_of(user: Any) -> str:
    """The six digits that the user's authenticator shows now."""
    totp = TOTP(Authenticator.objects.get(user=user).key)
    totp.time = time.time()
    return f"{totp.token():06d}"
