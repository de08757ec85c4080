"""A name says one thing: every class has a name of its own, and no name is vague."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from .habits import APPS
from .test_habits import files

COMMANDS = "Command"
"""Django finds a command by its module; the class has this name in each."""

VAGUE = {"found", "told", "facts"}
"""Names that say nothing of what the thing is: rows, matches, values, recipients, context …"""


GERUNDS = {
    "drawing": "what is drawn",
    "listing": "a list as it is drawn",
    "onboarding": "the usual word for 利用登録",
    "paging": "the usual word for a list by pages",
    "planning": "the usual word for what is decided ahead",
    "receiving": "通知の受け取り方, as its address says",
    "wording": "文面",
}
"""Names of modules that end in -ing, and of what they are the noun."""


def code() -> dict[str, str]:
    """The Python sources of the apps by path, without migrations."""
    root = Path(settings.BASE_DIR)
    ours = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
    return {str(path): (root / path).read_text() for path in ours}


def shared_names(texts: dict[str, str]) -> dict[str, list[str]]:
    """Names that classes of several modules bear, with the modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path, text in texts.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and node.name != COMMANDS:
                homes[node.name].append(path)
    return {name: paths for name, paths in homes.items() if len(paths) > 1}


def vague_names(path: str, text: str) -> Iterator[str]:
    """Definitions with a vague name: variables, parameters, functions and classes. A keyword or an
    attribute belongs to the place that defines it.
    """
    for node in ast.walk(ast.parse(text)):
        name = (
            node.id
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            else node.arg
            if isinstance(node, ast.arg)
            else getattr(node, "name", "")
        )
        if name in VAGUE:
            yield f"{path}:{node.lineno} {name}"


def test_no_two_classes_share_a_name():
    texts = {path: text for path, text in code().items() if path.split("/")[0] in APPS}
    assert shared_names(texts) == {}


def test_modules_are_named_by_nouns():
    stems = {path.rpartition("/")[2].removesuffix(".py") for path in code()}
    assert {stem for stem in stems if stem.endswith("ing")} == set(GERUNDS)


def test_no_name_is_vague():
    assert [name for path, text in code().items() for name in vague_names(path, text)] == []


@pytest.mark.selfcheck
def test_two_classes_of_one_name_are_found():
    texts = {
        "pilots/days/forms.py": "class Row: ...",
        "rollout/readiness/forms.py": "class Row: ...",
    }
    assert shared_names(texts) == {"Row": list(texts)}


@pytest.mark.selfcheck
@pytest.mark.parametrize(
    "text",
    [
        "found = []",
        "for facts in rows: ...",
        "def tell(told): ...",
        "def tell(**facts): ...",
        "def facts(): ...",
        "class Kept:\n    found: int",
        "lambda found: found.rate",
        "if found := known.get(key): ...",
        "try: ...\nexcept ValueError as found: ...",
    ],
)
def test_a_vague_name_is_found(text):
    assert list(vague_names("pilots/days/forms.py", text)) != []


@pytest.mark.selfcheck
def test_a_name_that_only_contains_one_is_no_finding():
    text = "founding = 1\nPassing(facts=founding)\npassing.facts"
    assert list(vague_names("pilots/days/forms.py", text)) == []


def test_the_ground_floor_has_no_words_of_the_apps_above():
    """Its templates take them from the registrations."""
    templates = (Path(settings.BASE_DIR) / "templates/municipality").rglob("*.html")
    assert [str(page) for page in templates if "1on1" in page.read_text()] == []
