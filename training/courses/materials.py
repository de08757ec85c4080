"""Materials of a course as plain text: "## " begins a heading, "- " an item, anything else is a
paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HEADING, ITEM = "## ", "- "


@dataclass
class Block:
    """Part of a material: a heading or a paragraph with its `text`, or a list with its `items`."""

    text: str = ""
    items: list[str] = field(default_factory=list)
    is_heading: bool = False


def blocks(text: str) -> list[Block]:
    """Blocks of the material in their order. Consecutive lines of a paragraph stay together."""
    pieces: list[Block] = []
    joined = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith(HEADING):
            pieces.append(Block(line.removeprefix(HEADING), is_heading=True))
        elif line.startswith(ITEM):
            _add_item(pieces, line.removeprefix(ITEM))
        elif line and joined:
            pieces[-1].text += f"\n{line}"
        elif line:
            pieces.append(Block(line))
        joined = bool(line) and not line.startswith((HEADING, ITEM))
    return pieces


def _add_item(pieces: list[Block], item: str) -> None:
    if not pieces or not pieces[-1].items:
        pieces.append(Block())
    pieces[-1].items.append(item)
