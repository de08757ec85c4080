"""Names that a later subject gives to rows of an earlier one (`related_name`), where the earlier
one asks by them: a dependency upward that no import shows.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

Ranks = Mapping[str, Mapping[str, int]]
"""Of each container the rank of each of its parts; the lowest may be used by all."""


def read_ranks() -> Ranks:
    """The contracts of pyproject.toml: apps in "", subjects in their app."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    ranks: dict[str, dict[str, int]] = {}
    for contract in tomllib.loads(text)["tool"]["importlinter"]["contracts"]:
        if contract["type"] != "layers" or len(contract.get("containers", [""])) != 1:
            continue
        layers = reversed(contract["layers"])
        ranks[contract.get("containers", [""])[0]] = {
            part: rank
            for rank, layer in enumerate(layers)
            for part in layer.replace("|", ":").replace(" ", "").split(":")
        }
    return ranks


def is_below(module: str, other: str, ranks: Ranks) -> bool:
    """May the module not use the other, because the other comes later?"""
    container = ""
    for one, two in zip(module.split("."), other.split("."), strict=False):
        known = ranks.get(container, {})
        if one != two:
            return one in known and two in known and known[one] < known[two]
        container = f"{container}.{one}".strip(".")
    return False


@dataclass(frozen=True)
class GivenName:
    """Name by which rows can be asked for what points to them, and the module that gave it."""

    name: str
    module: str


def names_given() -> set[GivenName]:
    """Every name of a backward relation."""
    return {
        GivenName(name, model.__module__)
        for model in apps.get_models()
        for field in model._meta.local_fields + model._meta.local_many_to_many
        if field.is_relation and field.remote_field and not field.remote_field.hidden
        for name in (field.related_query_name(), field.remote_field.get_accessor_name())
    }


def own_names() -> set[GivenName]:
    """Every field with the module of its model."""
    return {
        GivenName(field.name, model.__module__)
        for model in apps.get_models()
        for field in model._meta.local_fields + model._meta.local_many_to_many
    }


def looks_up(
    module: str, text: str, given: set[GivenName], known: set[GivenName], ranks: Ranks
) -> Iterator[str]:
    """Names in lookups of the module that only later subjects give."""
    above = {each.name for each in given if is_below(module, each.module, ranks)}
    here = {each.name for each in given | known if not is_below(module, each.module, ranks)}
    for words in _lookups(ast.parse(text)):
        yield from (f"{module} {words}" for part in words.split("__") if part in above - here)


def _lookups(tree: ast.AST) -> Iterator[str]:
    """Keywords with two underscores, and texts that could be a lookup."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and "__" in node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield node.value
        elif isinstance(node, ast.Call) and _called(node) in ASKING:
            yield from (
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


ASKING = {
    "Count",
    "Exists",
    "F",
    "Max",
    "Min",
    "OuterRef",
    "Prefetch",
    "Sum",
    "defer",
    "only",
    "order_by",
    "prefetch_related",
    "select_related",
    "values",
    "values_list",
}
"""Calls that take names of fields and relations as texts."""


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
