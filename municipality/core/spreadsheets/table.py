"""A table of texts with its findings: what every reader of files makes, and what it may hold at
most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from municipality.core.name_lists import all_names

VALUE_LENGTH = 60


@dataclass(frozen=True)
class Finding:
    """Something that refuses the file: physical line (the header is 1), column and value where
    there are any, what is expected.
    """

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        value = " ".join(self.value.split())[:VALUE_LENGTH]
        where = f"行 {self.line} 列 {self.column} 「{value}」" if self.column else f"行 {self.line}"
        return f"{where}: {self.message}"


def words_of(choices: Mapping[str, Any]) -> str:
    """The words that a cell may hold, as a finding lists them."""
    return "・".join(choices)


MOST_BYTES = 20 * 2**20

MOST_ROWS = 100_000
"""So many fit, with all that is known of them, into the memory that a job may take (see
`bench`).
"""

MOST_COLUMNS = 200

MOST_CELLS = 2_000_000
"""So many cells, empty ones among them, fit into the same memory."""

MOST_IN_CELL = 100_000
"""Letters of a cell. A spreadsheet holds a third of it."""

MOST_FINDINGS = 100

MOST_KNOWN = 2_000
"""How many different texts of a column are remembered while reading; dates and codes repeat, names
hardly do.
"""

MOST_LETTERS = 10

MOST_TITLES = 10
"""So many lines may stand above the header: a title, a date, an empty frame."""

FEWEST_HEADS = 2
"""A line with so many of the headings is the header."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Letters without width and signs of direction. Variation selectors stay: names need them."""

PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""外字: what they show is known to the computer alone on which they were made."""

EXPLANATIONS = "説明"
"""The second sheet of a template: no data, and nothing to warn of."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")


@dataclass
class Table:
    """The header and the lines below it, each with its physical line; empty lines are left out.

    `unmarked` says that the marks against formulas were taken off already. `heads` are the headings
    that are looked for: lines above the one that holds them are `titles`.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unmarked: bool = False
    header_line: int = 1
    heads: frozenset[str] = frozenset()
    titles: list[tuple[int, list[str]]] = field(default_factory=list, repr=False)
    lines: int = field(default=0, repr=False)
    cells: int = field(default=0, repr=False)
    known: list[dict[str, str]] = field(
        default_factory=lambda: [{} for _place in range(MOST_COLUMNS)], repr=False
    )

    def refuse(self, line: int, column: str, value: str, message: str) -> None:
        """Refuse the file; beyond MOST_FINDINGS of this sort the rest says nothing new."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(line, column, value, message))

    def name_of(self, place: int) -> str:
        """The header over a place, or its number where there is none."""
        name = self.header[place] if place < len(self.header) else ""
        return FORBIDDEN.sub("", name).strip() or str(place + 1)

    def add(self, line: int, cells: list[str]) -> bool:
        """Take one more line; False when the file is too large to go on."""
        if not self._fits(line, cells):
            return False
        if not any(cell and not cell.isspace() for cell in cells):
            return True
        if not self.header:
            return self._begin(line, cells)
        self.rows.append(
            (line, tuple([self._once(place, cell) for place, cell in enumerate(cells)]))
        )
        return True

    def _begin(self, line: int, cells: list[str]) -> bool:
        """Take the header, or a title above it."""
        fewest = min(FEWEST_HEADS, len(self.heads))
        if len(self.heads.intersection(cell.strip() for cell in cells)) >= fewest:
            self.header, self.header_line = cells, line
            return True
        self.titles.append((line, cells))
        return len(self.titles) <= MOST_TITLES or self.end_titles()

    def end_titles(self) -> bool:
        """Without the headings the first line is the header, and those below it are rows; True when
        there is more to be read.
        """
        titles, self.heads, self.titles = self.titles, frozenset(), []
        self.lines = self.cells = 0
        return all(self.add(line, cells) for line, cells in titles)

    def tidy(self) -> None:
        """Leave out letters nobody sees, and say so; name titles that were not read, and 外字."""
        if self.titles and not self.header:
            self.end_titles()
        self._name_titles()
        self.header = [INVISIBLE.sub("", cell) for cell in self.header]
        unseen, private = [], []
        for place, (line, cells) in enumerate(self.rows):
            text = "\0".join(cells)
            if INVISIBLE.search(text):
                unseen.append(line)
                self.rows[place] = (line, tuple(INVISIBLE.sub("", text).split("\0")))
            if PRIVATE.search(text):
                private.append(line)
        if unseen:
            words = _("見えない文字(幅のない文字、文字の向きの指定)を取り除きました。行 %(lines)s")
            self.notes.append(words % {"lines": named_lines(unseen)})
        if private:
            words = _("外字があります。ほかの端末では別の文字に見えることがあります。行 %(lines)s")
            self.notes.append(words % {"lines": named_lines(private)})

    def _name_titles(self) -> None:
        for line, titles in self.titles:
            title = " ".join(cell.strip() for cell in titles if cell.strip())[:40]
            words = _("%(line)s行目「%(title)s」は見出しの上の行なので、取り込みません。")
            self.notes.append(words % {"line": line, "title": title})

    def _once(self, place: int, cell: str) -> str:
        """The same object for the same text in a column: a file of 100,000 lines says the same few
        things again and again.
        """
        known = self.known[place] if place < MOST_COLUMNS else {}
        return known.setdefault(cell, cell) if len(known) < MOST_KNOWN else known.get(cell, cell)

    def _fits(self, line: int, cells: list[str]) -> bool:
        """Count a line, empty or not; what makes the file too large refuses it."""
        self.lines += 1
        self.cells += len(cells)
        if self.lines > MOST_ROWS + 1 + len(self.titles):
            most, words = (
                MOST_ROWS,
                _("%(most)s行を超えています。下の空の行を削除するか、ファイルを分けてください。"),
            )
        elif len(cells) > MOST_COLUMNS:
            most, words = MOST_COLUMNS, _("列が%(most)s列を超えています。")
        elif self.cells > MOST_CELLS:
            most, words = (
                MOST_CELLS,
                _(
                    "セルが%(most)s個を超えています。使っていない列を削除するか、ファイルを分けてください。"
                ),
            )
        elif max(map(len, cells), default=0) > MOST_IN_CELL:
            most, words = (
                MOST_IN_CELL,
                _(
                    '%(most)s文字を超えるセルがあります。引用符「"」が閉じているか確認してください。'
                ),
            )
        else:
            return True
        self.refuse(line, "", "", words % {"most": f"{most:,}"})
        return False


def named_lines(names: Collection[object]) -> str:
    """Up to MOST_LETTERS lines or columns one by one, and … for more."""
    shown = [str(name) for name in list(names)[:MOST_LETTERS]]
    return all_names([*shown, "…"] if len(names) > MOST_LETTERS else shown)


class Undecodable(Exception):
    """The bytes are not text of the encoding that the file's header has."""

    def __init__(self, line: int, place: int, value: str, message: str) -> None:
        super().__init__(message)
        self.line, self.place, self.value, self.message = line, place, value, message


def place_of(text: str) -> tuple[int, int]:
    """Physical line and place of the cell in which a text that was cut off ends."""
    line = 1 + sum(1 for _break in BREAK.finditer(text))
    outside = re.sub('"[^"]*(?:"|\\Z)', "", text)
    return line, outside.count(",", max(outside.rfind("\n"), outside.rfind("\r")) + 1)


def unusable_letter() -> str:
    """What is said of a character that no office typed."""
    return _(
        "使えない文字(制御文字や文字化けの跡)があります。この文字を消すか、入力し直してください。"
    )


def check_letters(table: Table) -> None:
    """Refuse characters that no office typed: NUL and other controls, halves of a pair, and marks
    of lost characters.
    """
    lines = [(table.header_line, table.header), *table.titles, *table.rows]
    letters = (
        (line, [*cells[:place], cell[: match.start()]], match.group())
        for line, cells in lines
        if FORBIDDEN.search("".join(cells))
        for place, cell in enumerate(cells)
        for match in FORBIDDEN.finditer(cell)
    )
    for line, before, letter in islice(letters, MOST_LETTERS):
        breaks, place = len(BREAK.findall("".join(before))), len(before) - 1
        name = f"U+{ord(letter):04X}"
        table.refuse(line + breaks, table.name_of(place), name, unusable_letter())


def check_widths(table: Table) -> None:
    """Every line has as many cells as the header; a short last line is a file that was cut off."""
    width = len(table.header)
    for index, (line, cells) in enumerate(table.rows):
        if len(cells) == width:
            continue
        counts = {"width": width, "count": len(cells)}
        if len(cells) > width:
            message = _(
                "見出しは%(width)s列ですが、この行は%(count)s列あります。カンマを含む値は引用符で囲んでください。"
            )
        elif index == len(table.rows) - 1:
            message = _(
                "見出しは%(width)s列ですが、最後の行は%(count)s列です。途中で切れていないか確認してください。"
            )
        else:
            message = _("見出しは%(width)s列ですが、この行は%(count)s列しかありません。")
        table.refuse(line, table.name_of(min(len(cells), width)), cells[-1], message % counts)


BREAK = re.compile("\r\n|\n|\r")
