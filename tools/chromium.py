"""Find a Chromium, or make one out of the npm build; used by the browser tests and by
tools/look.py.

    python tools/chromium.py        prints the path of the browser

Looked for in this order: CHROMIUM in the environment, an installed one (Debian's package), the one
that `python -m tools.vendor --test` unpacked into .vendor/chromium. Playwright downloads nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / ".vendor" / "chromium"
NODE = VENDOR.parent / "test" / "node"
"""A Node for playwright's driver, kept where the one it brings along does not run."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
NO_SANDBOX = ["--no-sandbox", "--disable-setuid-sandbox"]


@dataclass(frozen=True)
class Browser:
    """An executable, the arguments it needs here, and what its environment needs besides."""

    path: str
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def launch(self, playwright: Any, **options: Any) -> Any:
        """Start it with playwright's synchronous interface."""
        env = {**os.environ, **self.environment}
        return playwright.chromium.launch(
            executable_path=self.path, args=self.arguments, env=env, **options
        )


def installed() -> str | None:
    """The browser that this machine brings along, if any."""
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        program = shutil.which(named)
        if program is None:
            sys.exit(
                f"CHROMIUM「{named}」は実行できません。 CHROMIUM does not name a program that can be run."
            )
        return program
    return next(filter(None, map(shutil.which, NAMES)), None)


def find() -> Browser | None:
    """The browser to use, or None when there is none (then `make test` fetches the npm build)."""
    if NODE.exists():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    # A root user and most containers cannot have Chromium's own sandbox; the pages it opens are
    # ours.
    arguments = [*NO_SANDBOX, "--disable-dev-shm-usage", "--disable-gpu"]
    path = installed()
    if path:
        return Browser(path, arguments)
    own = VENDOR / "chromium"
    if not own.exists():
        return None
    libraries = f"{VENDOR / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    env = {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(VENDOR / "fonts.conf")}
    return Browser(str(own), [*arguments, "--font-render-hinting=none", "--no-zygote"], env)


def unpack(packed: Path) -> None:
    """Unpack the npm build: the headless browser, the libraries and fonts it would else take from
    the system.
    """
    import brotli

    draft = VENDOR.with_name("chromium.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    (draft / "chromium").write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    (draft / "chromium").chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        archive = draft / f"{name}.tar"
        archive.write_bytes(brotli.decompress((packed / f"{name}.tar.br").read_bytes()))
        with tarfile.open(archive) as tar:
            # Debian's 3.11 has no filters yet; the package was checked against the lock's hash
            # before.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(draft)
        archive.unlink()
    (draft / "fonts.conf").write_text(FONTS)
    shutil.rmtree(VENDOR, ignore_errors=True)
    draft.rename(VENDOR)


if __name__ == "__main__":
    browser = find()
    if browser is None:
        sys.exit(
            "Chromium がありません。make test の準備（make setup-test）で用意します。 No Chromium: run `make "
            "setup-test`."
        )
    print(browser.path)
