"""Many rows are handled in parts, so that neither a statement nor the memory of a worker grows with
the size of the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2_000
"""Rows of one part."""

UPDATED_AT_ONCE = 500
"""Rows of one part that is updated: such a statement spells out every value of every row."""


def parts(rows: list[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The rows in parts of this size; nothing for no rows."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
