"""Every class of the style sheets is written somewhere: in a template, in Python or in the
script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.meta.habits import APPS

ROOT = Path(settings.BASE_DIR)
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
WRITERS = [ROOT / "templates", ROOT / "static" / "js", *(ROOT / app for app in APPS)]


def unused(sheet: str, written: str) -> Iterator[str]:
    """Classes of a style sheet that nobody writes, neither whole (`is-late`) nor put together
    (`is-{{ state }}`).
    """
    prefixes = tuple(set(re.findall(r"([\w-]+?-|\bh)\{", written)))
    words = set(re.findall(r"[\w-]+", written))
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}|url\([^)]*\)", " ", sheet, flags=re.DOTALL)
    for name in sorted(set(re.findall(r"\.([A-Za-z][\w-]*)", selectors))):
        if name not in words and not name.startswith(prefixes or ("\0",)):
            yield name


def test_every_class_of_the_style_sheets_is_written_somewhere():
    written = "\n".join(
        file.read_text()
        for folder in WRITERS
        for file in folder.rglob("*")
        if file.suffix in {".html", ".py", ".js"} and "migrations" not in file.parts
    )
    assert [
        f"{sheet.name}: .{name}" for sheet in SHEETS for name in unused(sheet.read_text(), written)
    ] == []


def test_a_class_that_nobody_writes_is_seen():
    sheet = "/* .gone */ .kept { color: red } .is-late, .left > b { background: url(a.svg) }"
    assert list(unused(sheet, '<p class="kept is-{{ state }}">')) == ["left"]
