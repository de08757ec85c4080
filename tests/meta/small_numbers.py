"""Watch over the gate for small numbers, as checks of source text: one mechanism, and no outlet
that reads a count of people past it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

GATE = {"Gate", "gate", "gate_of", "gate_of_pilot", "hidden_pilots", "hides_evidence", "hiding_of"}
"""Names by which a module asks the gate."""

COUNTING = {
    "MonthUsage",
    "ParticipantsReadiness",
    "ReviewFigure",
    "Tally",
    "by_department",
    "completion_rate",
    "figures_of",
    "goals_agreed",
    "judge_all",
    "measure",
    "measure_evidence",
    "measured",
    "one_on_one_rate",
    "participants_readiness",
    "pilot_counts",
    "read_months",
    "staff_by_department",
    "staff_postings",
    "usage_figures",
}
"""Functions and classes that hand out counts of people."""

COUNTED_ROWS = ("member", "participants", "participant", "postings", "people")
"""Beginnings of what `Count` counts when it counts people."""

INSIDE = {
    "demo",
    "enums",
    "imports",
    "indicators",
    "management",
    "migrations",
    "models",
    "operations",
    "queries",
    "registration",
    "rules",
}
"""Layers that show nothing."""

MECHANISM = {
    "is_hidden",
    "is_small",
    "may_see_small_counts",
    "secret_order",
    "small_cell",
    "suppress",
}
"""What the gate is made of: nobody else compares a count with the least number."""


def is_outlet(path: PurePosixPath) -> bool:
    """May something of the module reach a reader: page, chart, table, file, decision, mail,
    feed?
    """
    return path.suffix == ".py" and not {*path.parts[:-1], path.stem} & INSIDE


def counts_shown(path: PurePosixPath, text: str) -> Iterator[str]:
    """What an outlet reads of people although it does not ask the gate."""
    if not is_outlet(path):
        return
    tree = ast.parse(text)
    names = set(_names(tree))
    if names & GATE:
        return
    yield from (f"{path} {name}" for name in sorted(names & COUNTING))
    yield from (f"{path} Count({rows})" for rows in _counted(tree))


def own_ways(path: PurePosixPath, text: str) -> Iterator[str]:
    """Parts of the mechanism used outside of it, and marks drawn by hand."""
    if path.suffix == ".html" and "＊" in text:
        yield f"{path} ＊"
    if path.suffix != ".py" or "migrations" in path.parts:
        return
    tree = ast.parse(text)
    yield from (f"{path} {name}" for name in sorted(set(_names(tree)) & MECHANISM))
    if any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value == "＊"
        for node in ast.walk(tree)
    ):
        yield f"{path} ＊"


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name


def _counted(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Count"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and str(node.args[0].value).split("__")[0] in COUNTED_ROWS
        ):
            yield str(node.args[0].value)
