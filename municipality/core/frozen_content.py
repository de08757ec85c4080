"""Keys beside the words of a decision's content: `spec_keys` name the rows of `spec`; a table has
its own `key` and in `keys` one of each column; a notice has its `key`.

A content is made of what `core.worded` keeps, or of plain text, as it was frozen before; the keys
are the same in both. Words change after they were frozen. So who is told no small numbers is shown
what is known by its key to tell none, and the mark in place of everything else. What was frozen
before keys were written is known by the words it had then; each caller lists those as `earlier`,
with their keys.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from municipality.core.small_cells import MARK

UNKNOWN = ""
"""Key of what has none."""

ASOF = "asof"
"""Key of the sentence over a table."""


def keyed_spec(rows: Iterable[tuple[str, Any, Any]]) -> dict[str, Any]:
    """`spec` and `spec_keys` of these rows of key, label and value."""
    rows = list(rows)
    return {
        "spec": [[label, value] for _key, label, value in rows],
        "spec_keys": [key for key, _label, _value in rows],
    }


def keyed_head(columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """`head` and `keys` of a table with these words by key."""
    return {"head": [*columns.values()], "keys": [*columns]}


def spec_by_key(content: Mapping[str, Any], earlier: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Each row of `spec` with its key."""
    rows = content["spec"]
    keys = _keys([label for label, _value in rows], content.get("spec_keys"), earlier)
    return list(zip(keys, rows, strict=True))


def spec_for_few(
    content: Mapping[str, Any], safe: Collection[str], earlier: Mapping[str, str]
) -> list[list[Any]]:
    """`spec` with the mark in place of each value that is not known to be safe."""
    return [
        [label, value if key in safe else MARK]
        for key, (label, value) in spec_by_key(content, earlier)
    ]


def key_of_table(table: Mapping[str, Any], earlier: Mapping[str, str]) -> str:
    """Key of a table."""
    return table["key"] if "key" in table else _earlier_key(table["title"], earlier)


def key_of_notice(notice: Mapping[str, Any], earlier: Mapping[str, str]) -> str:
    """Key of a notice; `earlier` are patterns of titles."""
    if "key" in notice:
        return notice["key"]
    keys = (key for title, key in earlier.items() if re.fullmatch(title, str(notice["title"])))
    return next(keys, UNKNOWN)


def table_for_few(
    table: dict[str, Any], safe: Collection[str], earlier: Mapping[str, str]
) -> dict[str, Any]:
    """The table with the mark in each column that is not known to be safe, and without its `asof`
    where that is not among the `safe`: it can tell what the cells do.
    """
    keys = _keys(table["head"], table.get("keys"), earlier)
    rows = [
        [cell if key in safe else MARK for key, cell in zip(keys, row, strict=False)]
        for row in table["rows"]
    ]
    return {**table, "rows": rows, "asof": table.get("asof", "") if ASOF in safe else ""}


def notices_for_few(
    notices: Iterable[dict[str, Any]], safe: Collection[str], earlier: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The notices with the mark in place of the words of each that is not known to be safe."""
    return [
        notice
        if key_of_notice(notice, earlier) in safe
        else {"tone": notice["tone"], "title": MARK, "text": MARK}
        for notice in notices
    ]


def _keys(
    words: Sequence[Any], keys: Sequence[str] | None, earlier: Mapping[str, str]
) -> list[str]:
    """Key of each of these words: as it was written beside them, else by what was said earlier."""
    if keys is None:
        return [_earlier_key(each, earlier) for each in words]
    return [*keys, *[UNKNOWN] * len(words)][: len(words)]


def _earlier_key(words: Any, earlier: Mapping[str, str]) -> str:
    """What was frozen before keys were is plain text; anything else without a key is unknown."""
    return earlier.get(words, UNKNOWN) if isinstance(words, str) else UNKNOWN
