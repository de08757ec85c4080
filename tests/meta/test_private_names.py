"""Names that a library keeps for itself are used where there is no public way only, each with the
version for which it was looked at.
"""

from __future__ import annotations

import ast
from importlib.metadata import version
from pathlib import Path

import pytest
from django.conf import settings

FOLDERS = ("config", "municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
PINNED = {
    ("municipality/imports/undo.py", "_raw_delete"): (
        "django",
        "5.2",
        """Rows of one import may point at each other by PROTECT, which delete() always refuses.
        Look whether QuerySet still has _raw_delete(using): one DELETE without signals and
        cascades. If not, delete level by level, those first that no other row points at.""",
    ),
    ("municipality/core/spreadsheets/xlsx_reader.py", "_worksheet_path"): (
        "openpyxl",
        "3.1",
        """Merged cells are looked for in the XML of the sheet, since a book that is read row by row
        does not know them. Look whether ReadOnlyWorksheet still has the path. If not, read it from
        xl/workbook.xml and its relations.""",
    ),
    ("municipality/core/worded.py", "__reduce__"): (
        "django",
        "5.2",
        """What a lazy message was made of is read from how Django pickles it. Look whether Promise
        still pickles as (function, arguments, named arguments, …): tests/municipality/core/
        test_frozen_forms.py tells. If not, let `said` take the message as text with its context
        and plural, and teach the command `messages` to collect them from there. What is frozen
        stays as it is.""",
    ),
}
"""(file, name) → package, version line that was looked at, what to do when another comes."""


DJANGO_DOCUMENTS = {"_meta", "_base_manager", "_db"}

FOR_PICKLE = {"__reduce__", "__reduce_ex__", "__getstate__"}
"""Names of the language whose answers belong to the class that gives them."""


def is_private(name: str) -> bool:
    if name.startswith("__"):
        return name in FOR_PICKLE
    return name.startswith("_") and name not in DJANGO_DOCUMENTS


def used_in(text: str) -> set[str]:
    """Private names that a module imports or takes of an object."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            names.add(node.attr)
    return {name for name in names if is_private(name)}


def defined_in(text: str) -> set[str]:
    """Names that a module gives to functions, classes, variables and attributes of its own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def private_names(texts: dict[str, str]) -> set[tuple[str, str]]:
    """(file, name) of every private name that is not the project's own."""
    own = {name for text in texts.values() for name in defined_in(text)}
    return {(path, name) for path, text in texts.items() for name in used_in(text) - own}


def sources() -> dict[str, str]:
    root = Path(settings.BASE_DIR)
    paths = [path for folder in FOLDERS for path in (root / folder).rglob("*.py")]
    return {
        str(path.relative_to(root)): path.read_text()
        for path in paths
        if "migrations" not in path.parts
    }


def test_private_names_stand_in_the_table_and_nowhere_else():
    assert private_names(sources()) == set(PINNED)


@pytest.mark.parametrize("key", PINNED, ids=lambda key: key[1])
def test_a_new_version_is_looked_at_first(key):
    package, looked_at, what_to_do = PINNED[key]
    assert version(package).startswith(f"{looked_at}."), what_to_do


@pytest.mark.selfcheck
def test_a_private_name_is_found():
    text = "from allauth.x import _build\nsheet._writer.close()\nself._own()\ndef _own(): pass\n"
    text += "lazy.__reduce__()\nlazy.__str__()\n"
    found = {("x.py", "_build"), ("x.py", "_writer"), ("x.py", "__reduce__")}
    assert private_names({"x.py": text}) == found
