"""What the project itself says in a file can be written in シフトJIS (CP932), which many offices
still exchange: only what people typed may be refused there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted(ROOT.glob("*/catalogue/*.toml"))
WORDS = sorted((ROOT / "locale").rglob("parts/*.po"))

ON_PAGES = {
    "・": "joins names on a page",
    "%(total)s件中 %(first)s–%(last)s件": "the pager",
    "%(department)s　%(readiness)s": "a choice of a form",
    "%(amount)s円": "a limit beside a field",
    "%(amount)s以下": "a threshold on pages and in decisions",
    "%(amount)s以上": "a threshold on pages and in decisions",
}
"""Sentences that stand in no list that is written to a file."""


def lost(text: str) -> set[str]:
    """Letters that do not come back from CP932 as they were."""
    return {each for each in text if each.encode("cp932", "ignore").decode("cp932") != each}


def texts(value: Any) -> Iterator[str]:
    """All strings of a read catalogue."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_catalogue_can_be_written(file):
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    assert {text: lost(text) for text in texts(read) if lost(text)} == {}


@pytest.mark.parametrize("file", WORDS, ids=lambda file: file.stem)
def test_our_sentences_can_be_written(file):
    with file.open("rb") as lines:
        rows = [(row.id, row.string) for row in read_po(lines) if row.id]
    found = {str(said): lost("".join(texts([said, other]))) for said, other in rows}
    assert {
        said: letters for said, letters in found.items() if letters and said not in ON_PAGES
    } == {}


def test_every_exception_is_still_said():
    rows = set()
    for file in WORDS:
        with file.open("rb") as lines:
            rows |= {row.id for row in read_po(lines) if lost("".join(texts([row.id, row.string])))}
    assert rows == set(ON_PAGES)


@pytest.mark.selfcheck
def test_a_dash_is_found():
    assert lost("前月比 −1.2〜3、髙瀬") == {"−", "〜"}
