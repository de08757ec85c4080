"""Materials of a course as plain text: "## " begins a heading, "- " an item, anything else is a
paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HEADING, ITEM = "## ", "- "


@dataclass
class Block:
    """A piece of a material: a heading or a paragraph with its `text`, or a list with its
    `items`.
    """

    text: str = ""
    items: list[str] = field(default_factory=list)
    is_heading: bool = False


def blocks(text: str) -> list[Block]:
    """The material in the order of its pieces. Lines of a paragraph that follow each other stay
    together.
    """
    found: list[Block] = []
    joined = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith(HEADING):
            found.append(Block(line.removeprefix(HEADING), is_heading=True))
        elif line.startswith(ITEM):
            _add_item(found, line.removeprefix(ITEM))
        elif line and joined:
            found[-1].text += f"\n{line}"
        elif line:
            found.append(Block(line))
        joined = bool(line) and not line.startswith((HEADING, ITEM))
    return found


def _add_item(found: list[Block], item: str) -> None:
    if not found or not found[-1].items:
        found.append(Block())
    found[-1].items.append(item)
