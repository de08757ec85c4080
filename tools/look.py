"""Look at a page as a person sees it: sign a demonstration account in through the real pages, then
take a picture.

    python tools/look.py /993018/ home.png --width 1280
    python tools/look.py http://127.0.0.1:8001/993018/pilots/ pilots.png --width 390 --lang en
    --account manager --axe

Errors of the page's console, refused loads and, with --axe, what axe finds go to standard error;
the exit status is 1 when there were any. The session is kept below var/look, since one code of the
second factor works only once.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tools import chromium  # noqa: E402

KEPT = ROOT / "var" / "look"
STEP = 30
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def main() -> int:
    """Take the picture; say where it lies and what went wrong on the way."""
    wanted = arguments()
    browser = chromium.find() or sys.exit(
        "Chromium がありません（make setup-test）。 No Chromium: run make setup-test."
    )
    server, findings = "{0.scheme}://{0.netloc}".format(urlsplit(wanted.url)), []
    kept = (
        KEPT / f"{wanted.account or 'nobody'}-{urlsplit(wanted.url).netloc.replace(':', '-')}.json"
    )
    kept.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        window = browser.launch(playwright).new_context(
            viewport={"width": wanted.width, "height": wanted.height},
            locale={"ja": "ja-JP", "en": "en-GB"}[wanted.lang],
            storage_state=str(kept) if kept.exists() else None,
        )
        window.add_cookies([{"name": "language", "value": wanted.lang, "url": server}])
        page = window.new_page()
        page.on(
            "console",
            lambda message: (
                findings.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: findings.append(str(error)))
        page.on("requestfailed", lambda request: findings.append(f"not loaded: {request.url}"))
        answer = page.goto(wanted.url)
        if wanted.account and "/accounts/" in page.url:
            sign_in(page, account(wanted.account), server)
            answer = page.goto(wanted.url)
            window.storage_state(path=kept)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=wanted.picture, full_page=not wanted.window)
        findings += axe(page) if wanted.axe else []
        print(f"{answer.status if answer else '?'} {page.url} → {wanted.picture} ({page.title()})")
    print(*findings, sep="\n", file=sys.stderr, end="\n" if findings else "")
    return int(bool(findings))


def arguments() -> argparse.Namespace:
    """What was asked for; an address without a server means the one that `make run` starts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url")
    parser.add_argument("picture", help="path of the PNG to write")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument(
        "--window", action="store_true", help="only what the window shows, not the whole page"
    )
    parser.add_argument("--lang", choices=["ja", "en"], default="ja")
    parser.add_argument(
        "--account", help="role of a demonstration account: office, manager, executive, hr, …"
    )
    parser.add_argument("--axe", action="store_true", help="also check accessibility with axe")
    wanted = parser.parse_args()
    if wanted.url.startswith("/"):
        wanted.url = f"http://127.0.0.1:8000{wanted.url}"
    return wanted


def account(role: str) -> dict[str, str]:
    """The first demonstration account of a role."""
    listing = subprocess.run(
        [sys.executable, "manage.py", "demo_accounts", "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    people: list[dict[str, str]] = json.loads(listing)
    named = next((one for one in people if one["role"] == role), None)
    return named or sys.exit(f"{role}: " + ", ".join(sorted({one["role"] for one in people})))


def sign_in(page: Page, person: dict[str, str], server: str) -> None:
    """Name and password, then the code; a code that was used a moment ago is refused, so the next
    one is awaited.
    """
    if "/two-factor/" not in page.url:
        page.goto(f"{server}/accounts/login/")
        page.fill("[name=login]", person["mail"])
        page.fill("[name=password]", person["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_load_state()
    for _attempt in range(2):
        if "/two-factor/" in page.url:
            page.fill("[name=token]", totp(person["secret"], time.time()))
            page.press("[name=token]", "Enter")
            page.wait_for_load_state()
        if "/accounts/" not in page.url:
            return
        time.sleep(STEP - time.time() % STEP + 1)
    sys.exit(f"{person['mail']} could not sign in; the page says:\n{page.inner_text('main')}")


def totp(secret: str, at: float) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 seconds) at a moment."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // STEP), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def axe(page: Page) -> list[str]:
    """What axe finds on the page, one line each. The policy does not stop it: it is evaluated, not
    loaded.
    """
    page.evaluate((ROOT / ".vendor/test/axe.min.js").read_text())
    results: Any = page.evaluate("levels => axe.run(document, {runOnly: levels})", LEVELS)
    return [
        f"axe {one['id']}: {one['help']}: {node['target']}"
        for one in results["violations"]
        for node in one["nodes"]
    ]


if __name__ == "__main__":
    sys.exit(main())
