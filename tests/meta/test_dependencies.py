"""What the project imports is declared in pyproject.toml, and not there by another package's
grace.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

APPLICATION = ("config", "municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
AROUND = ("tools", "tests", "bench")
"""Folders that run only where the tests and tools are installed too."""


def imports_of(text: str) -> set[str]:
    """The first names of all absolute imports, those inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names - {*APPLICATION, *AROUND} - sys.stdlib_module_names


def plain(name: str) -> str:
    """A distribution's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[Any]) -> set[str]:
    """The distributions that a list of requirements names; an included group counts by itself."""
    texts = [each for each in requirements if isinstance(each, str)]
    return {plain(re.split(r"[\[<>=!~; ]", text, maxsplit=1)[0]) for text in texts}


def undeclared(sources: dict[str, str], known: set[str]) -> Iterator[str]:
    """Every import of a file whose distribution is not among the known ones."""
    distributions = packages_distributions()
    for path, text in sources.items():
        for name in sorted(imports_of(text)):
            if not {plain(each) for each in distributions.get(name, ())} & known:
                yield f"{path} imports {name}"


def sources_in(folders: tuple[str, ...]) -> dict[str, str]:
    root = Path(settings.BASE_DIR)
    found = [path for folder in folders for path in (root / folder).rglob("*.py")]
    return {str(path.relative_to(root)): path.read_text() for path in found}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())


def test_what_the_application_imports_is_declared(project):
    known = declared(project["project"]["dependencies"])
    assert list(undeclared(sources_in(APPLICATION), known)) == []


def test_what_tests_and_tools_import_is_declared(project):
    groups = [each for group in project["dependency-groups"].values() for each in group]
    known = declared([*project["project"]["dependencies"], *groups])
    assert list(undeclared(sources_in(AROUND), known)) == []


def test_every_requirement_is_locked_with_a_hash_and_without_an_address(project):
    root = Path(settings.BASE_DIR)
    groups = [each for group in project["dependency-groups"].values() for each in group]
    for lock, wanted in {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": [*project["project"]["dependencies"], *groups],
    }.items():
        text = (root / lock).read_text()
        entries = re.findall(r"^([\w.-]+)==\S+(?: ; .*?)? \\\n +--hash=sha256:", text, re.MULTILINE)
        assert declared(wanted) <= {plain(name) for name in entries}
        assert "://" not in text


@pytest.mark.selfcheck
def test_an_undeclared_import_is_found():
    text = "import os\nimport urllib3.util\nfrom django.db import models\n"
    assert list(undeclared({"pilots/x.py": text}, {"django"})) == ["pilots/x.py imports urllib3"]
    inside = "def late():\n    from kombu import Queue\n"
    assert list(undeclared({"pilots/y.py": inside}, {"django"})) == ["pilots/y.py imports kombu"]
