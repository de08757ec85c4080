"""What a view reaches: from each view and each panel of a page along the names it uses; and the
rows that are taken there without a viewer.

Read from the syntax tree alone. A name is followed where it is a function or a class of the same
module, or was imported from another module of the project. Operations and jobs are not followed:
they take the rows of a body. Models are not either: they are how a viewer is asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from .habits import APPS

BEGUN_AT = {"views", "panels"}
"""Parts of a module's path whose definitions make a page or a part of one."""
NOT_FOLLOWED = {"operations", "period_operations", "models", "management", "migrations", "demo"}
"""Parts of a module's path that do not prepare pages."""
SCOPED = {"visible_to", "none"}
"""How a manager is asked for a viewer's rows."""

Place = tuple[str, str]
"""A function or class of the project: its module and its name."""


@dataclass
class Module:
    """One module: its top-level functions and classes, and what its imports are called."""

    name: str
    tree: ast.Module
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = (node.module, alias.name)

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """What a name of the module stands for: a function, a class, or the value of a constant."""
        found: dict[str, ast.AST] = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign):
                found |= {each.id: node for each in node.targets if isinstance(each, ast.Name)}
        return found

    @property
    def is_followed(self) -> bool:
        """Whether it may prepare pages."""
        return not set(self.name.split(".")) & NOT_FOLLOWED


class Project:
    """The modules of the apps, by their dotted names."""

    def __init__(self, sources: Mapping[PurePosixPath, str]) -> None:
        self.modules: dict[str, Module] = {}
        for path, text in sources.items():
            if path.suffix == ".py" and path.parts[0] in APPS:
                parts = path.with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                self.modules[name] = Module(name, ast.parse(text))

    def reached(self) -> dict[Place, ast.AST]:
        """Every definition that is reached from a view, the views among them."""
        waiting: list[Place] = [
            (module.name, name)
            for module in self.modules.values()
            if BEGUN_AT & set(module.name.split(".")) and module.is_followed
            for name in module.definitions
        ]
        found: dict[Place, ast.AST] = {}
        while waiting:
            module_name, name = waiting.pop()
            module = self.modules.get(module_name)
            if module is None or (module_name, name) in found or not module.is_followed:
                continue
            if node := module.definitions.get(name):
                found[module_name, name] = node
                waiting += self._used(module, node)
            elif name in module.imported:
                waiting.append(module.imported[name])
        return found

    def _used(self, module: Module, node: ast.AST) -> Iterator[Place]:
        """The definitions that are named inside: here, imported, or in an imported module."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                if each.id in module.definitions:
                    yield module.name, each.id
                elif each.id in module.imported:
                    yield module.imported[each.id]
            elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                package, name = module.imported.get(each.value.id, ("", ""))
                if f"{package}.{name}" in self.modules:
                    yield f"{package}.{name}", each.attr


def unscoped(sources: Mapping[PurePosixPath, str]) -> list[tuple[str, str]]:
    """Where rows are taken without a viewer in what a view reaches: (module.definition, the manager
    and how it was asked), in order.
    """
    found = {
        (f"{module}.{name}", taken)
        for (module, name), node in Project(sources).reached().items()
        for taken in _taken(node)
    }
    return sorted(found)


def _taken(node: ast.AST) -> Iterable[str]:
    asked = {
        id(each.value): each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Attribute)
    }
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr == "objects":
            how = asked.get(id(each), "")
            if how not in SCOPED:
                yield f"{ast.unparse(each)}.{how}"
