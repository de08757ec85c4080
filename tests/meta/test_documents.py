"""Every path that a document names is there, and every record of a decision has its three parts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
READMES = ("README.md", "README.ja.md")
PATH = re.compile(r"(?<![\w/.:<>-])((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|txt|json))")
NESTED = "municipality"
"""The tree in ARCHITECTURE.md names the subjects of this app by themselves."""

MADE_LATER = {"var"}
"""Folders that are there once the application has run."""


def tracked() -> set[str]:
    """Every file of the project, and every folder that one lies in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    folders = {str(folder) for name in listed for folder in Path(name).parents}
    return {*listed, *folders}


def absent(text: str, known: set[str]) -> list[str]:
    """Paths of the text that are not in the project: those that begin with one of its folders, the
    bare names of files, and folders by themselves.
    """
    names = {Path(path).name for path in known}
    top = {path.split("/")[0] for path in known}
    found = []
    for path in dict.fromkeys(PATH.findall(text)):
        first, _slash, rest = path.partition("/")
        if "/" not in path:
            is_there = path in names
        elif not rest.strip("/"):
            places = (f"{NESTED}/", f"{NESTED}/core/")
            is_there = first in top or any(f"{place}{first}" in known for place in places)
        else:
            is_there = first not in top or path.rstrip("./") in known
        if not is_there and first not in MADE_LATER:
            found.append(path)
    return found


def documents() -> list[str]:
    records = Path(settings.BASE_DIR, "docs", "adr").glob("*.md")
    return [*DOCUMENTS, *READMES, *(f"docs/adr/{path.name}" for path in sorted(records))]


@pytest.mark.parametrize("name", documents())
def test_every_path_that_a_document_names_is_there(name):
    assert absent(Path(settings.BASE_DIR, name).read_text(), tracked()) == []


@pytest.mark.parametrize("name", [name for name in documents() if name.startswith("docs/adr/")])
def test_a_record_says_context_decision_and_price(name):
    text = Path(settings.BASE_DIR, name).read_text()
    number = Path(name).name[:4]
    assert text.startswith(f"# {number} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Price"]


def test_both_readmes_have_the_same_parts():
    english, japanese = (Path(settings.BASE_DIR, name).read_text() for name in READMES)
    for mark in (r"^## ", r"^\| ", r"^```"):
        count = [len(re.findall(mark, text, re.MULTILINE)) for text in (english, japanese)]
        assert count[0] == count[1]
    code = re.compile(r"`([A-Z_]{4,})`")
    assert sorted(set(code.findall(english))) == sorted(set(code.findall(japanese)))


@pytest.mark.selfcheck
def test_a_path_that_is_gone_is_found():
    known = {"pilots", "pilots/days", "pilots/days/models.py", "municipality", "municipality/web"}
    text = "`pilots/states.py`, pilots/days/models.py, rules.py, web/, gone/ and /pilots/3/ or a/b"
    assert absent(text, known) == ["pilots/states.py", "rules.py", "gone/"]
