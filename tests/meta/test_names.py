"""A name says one thing: every class of the project is found under a name of its own."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

from .habits import APPS
from .test_habits import files

COMMANDS = "Command"
"""Django finds a command by its module; the class has this name in each."""


def shared_names(texts: dict[str, str]) -> dict[str, list[str]]:
    """Names that classes of several modules bear, with the modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path, text in texts.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and node.name != COMMANDS:
                homes[node.name].append(path)
    return {name: paths for name, paths in homes.items() if len(paths) > 1}


def test_no_two_classes_share_a_name():
    root = Path(settings.BASE_DIR)
    ours = [path for path in files() if path.suffix == ".py" and path.parts[0] in APPS]
    code = [path for path in ours if "migrations" not in path.parts]
    assert shared_names({str(path): (root / path).read_text() for path in code}) == {}


@pytest.mark.selfcheck
def test_two_classes_of_one_name_are_found():
    texts = {
        "pilots/days/forms.py": "class Row: ...",
        "rollout/readiness/forms.py": "class Row: ...",
    }
    assert shared_names(texts) == {"Row": list(texts)}


def test_the_ground_floor_has_no_words_of_the_apps_above():
    """Its templates take them from the registrations."""
    templates = (Path(settings.BASE_DIR) / "templates/municipality").rglob("*.html")
    assert [str(page) for page in templates if "1on1" in page.read_text()] == []
