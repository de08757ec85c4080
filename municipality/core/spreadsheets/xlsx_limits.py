"""How much memory a workbook may take: known before anything of it is built.

The library builds an object for each element of a part, and keeps it until the end of its row or of
its shared text. A few megabytes of elements therefore become gigabytes. The parts are walked once,
in pieces and without building anything, and what would be kept is added up.
"""

from __future__ import annotations

import zipfile
from contextlib import suppress
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

MOST_UNPACKED = 150 * 2**20

MOST_STRINGS = 60 * 2**20

MOST_ENTRIES = 2_000

MOST_RATIO = 200

SMALL = 2**20

MOST_KEPT = 48 * 2**20
"""Bytes that a part may take at any one time, as `WEIGHT` reckons them."""

WEIGHT = 100
"""Bytes of an element and of each of its attributes."""

EMPTIED, REST = {"row", "si"}, 60
"""Elements that are emptied at their end, and what remains of one."""

PIECE, LONGEST = 2**16, 2**20
"""Bytes that are read at once, and of the longest tag or comment."""


class TooLarge(Exception):
    """The workbook would take more memory than a job may have."""


class Weight:
    """What the library would keep of one part, added up while the part is walked."""

    def __init__(self) -> None:
        self.kept = 0
        self.before: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name.rpartition(":")[2] in EMPTIED:
            self.before.append(self.kept)
        self.kept += WEIGHT * (1 + len(attributes))
        self.check()

    def end(self, name: str) -> None:
        """An element ends; a row and a shared text are emptied."""
        if name.rpartition(":")[2] in EMPTIED:
            self.kept = self.before.pop() + REST

    def text(self, letters: str) -> None:
        """A piece of text."""
        self.kept += len(letters)
        self.check()

    def check(self) -> None:
        """Raises TooLarge."""
        if self.kept > MOST_KEPT:
            raise TooLarge


def check_size(package: zipfile.ZipFile) -> None:
    """Raises TooLarge by what the package says of itself: a few kilobytes can claim to hold
    gigabytes.
    """
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    strings = sum(
        entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml")
    )
    packed = [
        entry
        for entry in entries
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    ]
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or strings > MOST_STRINGS or packed:
        raise TooLarge


def check_parts(package: zipfile.ZipFile) -> None:
    """Raises TooLarge by what stands in the parts. What is no XML is not looked at any further."""
    for entry in package.infolist():
        with package.open(entry) as part, suppress(ExpatError):
            _walk(part)


def _walk(part: IO[bytes]) -> None:
    weight, parser, read = Weight(), ParserCreate(), 0
    parser.StartElementHandler, parser.EndElementHandler = weight.start, weight.end
    parser.CharacterDataHandler = weight.text
    while piece := part.read(PIECE):
        parser.Parse(piece)
        read += len(piece)
        if read - parser.CurrentByteIndex > LONGEST:
            raise TooLarge
