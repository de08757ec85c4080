"""Watch over the gate for small numbers, as checks of source text: one mechanism, and no outlet
that reads a count of people past it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from .scoping import Module

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
    "read_periods",
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
    """What an outlet reads of people although it does not ask the gate: of a module that never asks
    it, everything; of another each function that counts and does not ask, with what it calls.
    """
    if not is_outlet(path):
        return
    tree = ast.parse(text)
    if not GATE & {*_names(tree)}:
        yield from (f"{path} {name}" for name in _counts([tree]))
        return
    module = Module(str(path), tree)
    for name in _uncalled(module):
        reached = _reached(module, name)
        if not GATE & {each for node in reached for each in _names(node)}:
            yield from (f"{path}:{name} {count}" for count in _counts(reached))


def _counts(nodes: list[ast.AST]) -> list[str]:
    """What is read of people in these parts of a module."""
    names = {each for node in nodes for each in _names(node)} & COUNTING
    return sorted(names | {f"Count({rows})" for node in nodes for rows in _counted(node)})


def _uncalled(module: Module) -> list[str]:
    """Definitions that no other one of the module uses: pages, exports and others call them."""
    used = {
        called for name, node in module.definitions.items() for called in {*_names(node)} - {name}
    }
    return [name for name in module.definitions if name not in used]


def _reached(module: Module, name: str) -> list[ast.AST]:
    """The definition with those of its module that it uses."""
    waiting, reached = [name], dict[str, ast.AST]()
    while waiting:
        each = waiting.pop()
        if each in module.definitions and each not in reached:
            reached[each] = module.definitions[each]
            waiting += _names(reached[each])
    return [*reached.values()]


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
