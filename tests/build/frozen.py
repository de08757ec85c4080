"""Frozen contents of decisions as one reads them, and with other words than today's."""

from __future__ import annotations

from typing import Any

from municipality.core.worded import kept, worded
from municipality.decisions.models import Decision


def as_read(content: Any) -> Any:
    """A content, frozen or not, in the active language."""
    return worded(kept(content))


def read_of(decision: Decision) -> dict[str, Any]:
    """The latest frozen content of a decision in the active language."""
    return as_read(decision.revisions.latest("number").content)


def reworded(content: dict[str, Any]) -> dict[str, Any]:
    """The content as it would stand had every label, head and title been worded differently."""
    content = as_read(content)
    return {
        **content,
        "spec": [[f"旧{label}", value] for label, value in content["spec"]],
        "tables": [
            {
                **table,
                "title": f"旧{table['title']}",
                "head": [f"旧{each}" for each in table["head"]],
            }
            for table in content["tables"]
        ],
        "notices": [
            {**notice, "title": f"旧{notice['title']}なり", "text": f"旧{notice['text']}"}
            for notice in content.get("notices", [])
        ],
    }


def without_keys(content: dict[str, Any]) -> dict[str, Any]:
    """The content as it was frozen before keys were written beside the words."""
    content = as_read(content)
    rest = {name: value for name, value in content.items() if name != "spec_keys"}
    return {
        **rest,
        "tables": [_without(table, "key", "keys") for table in content["tables"]],
        "notices": [_without(each, "key", "explanation") for each in content.get("notices", [])],
    }


def _without(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}
