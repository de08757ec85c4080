"""A list is drawn by the list component; who writes a table nevertheless stands in
ARCHITECTURE.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.meta.habits import APPS

ROOT = Path(settings.BASE_DIR)
COMPONENT = "municipality/web/components/lists.py"


def named(document: str) -> dict[str, str]:
    """The templates of the list in ARCHITECTURE.md, each with its reason."""
    part = document.partition("## Tables of their own")[2].partition("\n## ")[0]
    return dict(re.findall(r"^- `(templates/\S+)`: (\S.*)$", part, re.MULTILINE))


def tables(texts: dict[str, str]) -> Iterator[str]:
    """Files that write a table and are not the component."""
    yield from (path for path, text in texts.items() if "<table" in text and path != COMPONENT)


def written() -> dict[str, str]:
    """Templates and code of the apps, by path."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(file for app in APPS for file in (ROOT / app).rglob("*.py")),
    ]
    return {str(file.relative_to(ROOT)): file.read_text() for file in files}


def test_only_what_architecture_names_writes_a_table_of_its_own():
    assert sorted(tables(written())) == sorted(named((ROOT / "ARCHITECTURE.md").read_text()))


def test_a_planted_table_is_found():
    planted = {
        "templates/pilots/lifecycle/new.html": '<table class="stackt">',
        "pilots/lifecycle/new.py": "'<table>{}</table>'",
        COMPONENT: "'<table>'",
    }
    assert list(tables(planted)) == list(planted)[:2]
