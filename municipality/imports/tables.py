"""From bytes to a table of texts: which kind of file it is, how its letters are coded, and where its lines and cells end.

A file is read exactly or refused with its line and column; no character is ever replaced. Lines are physical lines, the
header being 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from .kinds import Finding

MOST_BYTES = 20 * 2**20
MOST_ROWS = 100_000
"""So many fit, with all that is known of them, into the memory that a job may take (see `bench`)."""
MOST_COLUMNS = 200
MOST_FINDINGS = 100
MOST_KNOWN = 2_000
"""How many different texts of a column are remembered while reading; dates and codes repeat, names hardly do."""
MOST_LETTERS = 10
EXPLANATIONS = "説明"
"""The second sheet of a template: no data, and nothing to warn of."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
CP932_HOLES = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
BREAK = re.compile("\r\n|\n|\r")
CELL = re.compile('(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|\\Z)')
QUOTED = re.compile('"[^"]*(?:""[^"]*)*')


@dataclass
class Table:
    """The header and the lines below it, each with its physical line; empty lines are left out.

    `unmarked` says that the marks against formulas were taken off already.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unmarked: bool = False
    known: list[dict[str, str]] = field(default_factory=lambda: [{} for _place in range(MOST_COLUMNS)], repr=False)

    def refuse(self, line: int, column: str, value: str, message: str) -> None:
        """Refuse the file; beyond MOST_FINDINGS of this sort the rest says nothing new."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(line, column, value, message))

    def name_of(self, place: int) -> str:
        """The header over a place, or its number where there is none."""
        name = self.header[place] if place < len(self.header) else ""
        return FORBIDDEN.sub("", name).strip() or str(place + 1)

    def add(self, line: int, cells: list[str]) -> bool:
        """Take one more line; False when the file is too long to go on."""
        if not any(cell and not cell.isspace() for cell in cells):
            return True
        if not self.header:
            self.header = cells
            return self._check_width(line)
        if len(self.rows) >= MOST_ROWS:
            self.refuse(
                line, "", "", _("%(most)s行を超えています。ファイルを分けてください。") % {"most": f"{MOST_ROWS:,}"}
            )
            return False
        self.rows.append((line, tuple([self._once(place, cell) for place, cell in enumerate(cells)])))
        return True

    def _once(self, place: int, cell: str) -> str:
        """The same object for the same text in a column: a file of 100,000 lines says the same few things again and again."""
        known = self.known[place] if place < MOST_COLUMNS else {}
        return known.setdefault(cell, cell) if len(known) < MOST_KNOWN else known.get(cell, cell)

    def _check_width(self, line: int) -> bool:
        if len(self.header) <= MOST_COLUMNS:
            return True
        self.refuse(line, "", "", _("列が%(most)s列を超えています。") % {"most": MOST_COLUMNS})
        return False


class Undecodable(Exception):
    """The bytes are not text of the encoding that the file's header has."""

    def __init__(self, line: int, place: int, value: str, message: str) -> None:
        super().__init__(message)
        self.line, self.place, self.value, self.message = line, place, value, message


def read_table(name: str, content: bytes) -> Table:
    """The table in a file of any of the kinds we take. `name` is only for messages: what counts is the content."""
    if refusal := _refused_at_sight(content):
        return Table(findings=[Finding(1, "", name, refusal)])
    if content.startswith(ZIP):
        from .books import read_book

        return read_book(content)
    return read_csv(content)


def _refused_at_sight(content: bytes) -> str:
    if not content.strip():
        return _("ファイルが空です。")
    if len(content) > MOST_BYTES:
        return _("ファイルが大きすぎます。20MB以内のファイルにしてください。")
    if content.startswith(OLE):
        return _("古い形式(.xls)か、パスワード付きのファイルです。xlsx または CSV で保存し直してください。")
    if content.startswith(UTF16_MARKS):
        return _("文字コードが UTF-16 です。「CSV UTF-8」で保存し直してください。")
    return ""


def read_csv(content: bytes) -> Table:
    """The table in a CSV file, in UTF-8 (with or without its mark) or CP932."""
    table = Table()
    try:
        text = decode(content)
    except Undecodable as error:
        table.header = _first_cells(content)
        table.refuse(error.line, table.name_of(error.place), error.value, error.message)
        return table
    read_lines(text, table)
    check_letters(text, table)
    check_widths(table)
    return table


def decode(content: bytes) -> str:
    """The text. The header says which encoding the file has; a line of another one is refused and not guessed at."""
    if content.startswith(UTF8_MARK):
        return _strictly(content[len(UTF8_MARK) :], "utf-8")
    header = BREAK.split(content[:100_000].decode("latin-1"), maxsplit=1)[0].encode("latin-1")
    if header.isascii():
        return _either(content)
    if _fits(header, "utf-8"):
        return _strictly(content, "utf-8")
    text = _strictly(content, "cp932")
    _no_foreign_lines(content)
    return text


def _either(content: bytes) -> str:
    return _strictly(content, "utf-8" if _fits(content, "utf-8") else "cp932")


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _strictly(content: bytes, encoding: str) -> str:
    """Decode, or tell where the bytes stop being text. CP932's holes decode to characters that nobody meant."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(content, error.start, encoding) from None
    if encoding == "cp932" and (hole := CP932_HOLES.search(text)):
        raise _undecodable(content, len(text[: hole.start()].encode(encoding)), encoding)
    return text


def _undecodable(content: bytes, offset: int, encoding: str) -> Undecodable:
    line, place = place_of(content[:offset].decode(encoding, "replace"))
    names = {"utf-8": "UTF-8", "cp932": "シフトJIS(CP932)"}
    message = _("%(encoding)s として読めない文字があります。文字コードをそろえて保存し直してください。") % {
        "encoding": names[encoding]
    }
    return Undecodable(line, place, f"0x{content[offset]:02X}", message)


def _no_foreign_lines(content: bytes) -> None:
    """A line of UTF-8 in a file of CP932 often decodes without an error, to other characters. Such a file is refused."""
    for number, line in enumerate(re.split(b"\r\n|\n|\r", content), 1):
        if line.isascii() or not _fits(line, "utf-8"):
            continue
        text = line.decode("utf-8")
        if found := JAPANESE.search(text):
            place = place_of(text[: found.start()])[1]
            value = text[found.start() :].split(",")[0]
            raise Undecodable(
                number, place, value, _("この行だけ文字コードが UTF-8 です。文字コードをそろえて保存し直してください。")
            )


def _first_cells(content: bytes) -> list[str]:
    """The header of a file that cannot be decoded as a whole, to name its columns."""
    first = re.split(b"\r\n|\n|\r", content.removeprefix(UTF8_MARK)[:100_000], maxsplit=1)[0]
    encoding = "utf-8" if _fits(first, "utf-8") else "cp932"
    return [name.strip('"') for name in first.decode(encoding, "ignore").split(",")]


def place_of(text: str) -> tuple[int, int]:
    """Physical line and place of the cell in which a text that was cut off ends."""
    line = 1 + len(BREAK.findall(text))
    outside = re.sub('"[^"]*(?:"|\\Z)', "", text)
    return line, BREAK.split(outside)[-1].count(",")


class Unquoted(Exception):
    """A cell whose quotation marks do not fit together."""

    def __init__(self, line: int, place: int, value: str, message: str) -> None:
        super().__init__(message)
        self.line, self.place, self.value, self.message = line, place, value, message


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and cells (RFC 4180). Raises Unquoted where a quotation mark is out of place."""
    if '"' not in text:
        for number, line in enumerate(_physical_lines(text), 1):
            yield number, line.split(",")
        return
    position, number, start = 0, 1, 1
    cells: list[str] = []
    while position <= len(text):
        found = CELL.match(text, position)
        if found is None:
            raise _unquoted(text, position, number, len(cells))
        quoted, plain, stop = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        number += len(BREAK.findall(quoted)) if quoted else 0
        position = found.end()
        if stop == ",":
            continue
        yield start, cells
        if not stop:
            return
        number += 1
        start, cells = number, []


def _physical_lines(text: str) -> Iterator[str]:
    """The lines one by one, without a second copy of a large text."""
    start = 0
    for found in BREAK.finditer(text):
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def _unquoted(text: str, position: int, number: int, place: int) -> Unquoted:
    value = BREAK.split(text[position : position + 200], maxsplit=1)[0].split(",")[0]
    if text[position] != '"':
        message = _('引用符「"」が値の途中にあります。値の全体を引用符で囲み、中の引用符は2つ重ねてください。')
        return Unquoted(number, place, value, message)
    opened = QUOTED.match(text, position)
    if opened and opened.end() == len(text):
        return Unquoted(
            number, place, value, _('引用符「"」が閉じていません。ファイルが途中で切れていないか確認してください。')
        )
    return Unquoted(number, place, value, _('閉じる引用符「"」の後に文字があります。引用符の位置を確認してください。'))


def read_lines(text: str, table: Table) -> None:
    """Fill the table, up to the first quotation mark that is out of place: behind it nothing is certain."""
    try:
        for number, cells in lines(text):
            if not table.add(number, cells):
                break
    except Unquoted as error:
        table.refuse(error.line, table.name_of(error.place), error.value, error.message)


def unusable_letter() -> str:
    """What is said of a character that no office typed."""
    return _("使えない文字(制御文字や文字化けの跡)があります。この文字を消すか、入力し直してください。")


def check_letters(text: str, table: Table) -> None:
    """Refuse characters that no office typed: NUL and other controls, halves of a pair, and marks of lost characters."""
    for found in islice(FORBIDDEN.finditer(text), MOST_LETTERS):
        line, place = place_of(text[: found.start()])
        name = f"U+{ord(found.group()):04X}"
        table.refuse(line, table.name_of(place), name, unusable_letter())


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
            message = _("見出しは%(width)s列ですが、最後の行は%(count)s列です。途中で切れていないか確認してください。")
        else:
            message = _("見出しは%(width)s列ですが、この行は%(count)s列しかありません。")
        table.refuse(line, table.name_of(min(len(cells), width)), cells[-1], message % counts)
