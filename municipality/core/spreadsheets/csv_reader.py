"""From bytes to a table of texts: which kind of file it is, how its letters are coded, and where
its lines and cells end.

A file is read exactly or refused with its line and column; no character is ever replaced. Lines are
physical lines, the header being 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from municipality.core.spreadsheets.table import (
    BREAK,
    MOST_COLUMNS,
    MOST_IN_CELL,
    Table,
    Undecodable,
    check_letters,
    check_widths,
    place_of,
)

UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")

SECOND_MARK, END_MARK = "\ufeff", "\x1a"

CP932_HOLES = re.compile("[\x80\xa0\uf8f0-\uf8f3]")

JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")

FOREIGN = re.compile(b"[\x80-\xff][^\r\n]*")
"""What follows the first byte of a line that is not ASCII."""

CELL = re.compile('(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|\\Z)')

QUOTED = re.compile('"[^"]*(?:""[^"]*)*')


def read_csv(content: bytes, heads: frozenset[str] = frozenset()) -> Table:
    """The table in a CSV file, in UTF-8 (with or without its mark) or CP932."""
    table = Table(heads=heads)
    try:
        text = decode(content)
    except Undecodable as error:
        table.header = _first_cells(content)
        table.refuse(error.line, table.name_of(error.place), error.value, error.message)
        return table
    text = _without_marks(text, table)
    read_lines(text, table)
    table.tidy()
    check_letters(table)
    check_widths(table)
    return table


def _without_marks(text: str, table: Table) -> str:
    """The text without a second mark at its beginning and the end mark of old systems (0x1A)."""
    if text.startswith(SECOND_MARK):
        table.notes.append(_("ファイルの先頭に余分な印(BOM)があるため、除いて読みます。"))
    if text.endswith(END_MARK):
        table.notes.append(_("ファイルの終わりの印(0x1A)を除いて読みます。"))
    return text.lstrip(SECOND_MARK).rstrip(END_MARK)


def decode(content: bytes) -> str:
    """The text. The header says which encoding the file has; a line of another one is refused and
    not guessed at.
    """
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
    """Decode, or tell where the bytes stop being text. CP932's holes decode to characters that
    nobody meant.
    """
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
    message = _(
        "%(encoding)s として読めない文字があります。文字コードをそろえて保存し直してください。"
    ) % {"encoding": names[encoding]}
    return Undecodable(line, place, f"0x{content[offset]:02X}", message)


def _no_foreign_lines(content: bytes) -> None:
    """A line of UTF-8 in a file of CP932 often decodes without an error, to other characters. Such
    a file is refused.
    """
    for part in FOREIGN.finditer(content):
        if not _fits(part[0], "utf-8"):
            continue
        text = part[0].decode("utf-8")
        if match := JAPANESE.search(text):
            before = content[: part.start()].decode("cp932", "replace") + text[: match.start()]
            raise Undecodable(
                *place_of(before),
                text[match.start() :].split(",")[0],
                _("この行だけ文字コードが UTF-8 です。文字コードをそろえて保存し直してください。"),
            )


def _first_cells(content: bytes) -> list[str]:
    """The header of a file that cannot be decoded as a whole, to name its columns."""
    first = re.split(b"\r\n|\n|\r", content.removeprefix(UTF8_MARK)[:100_000], maxsplit=1)[0]
    encoding = "utf-8" if _fits(first, "utf-8") else "cp932"
    return [name.strip('"') for name in first.decode(encoding, "ignore").split(",")]


class Unquoted(Exception):
    """A cell whose quotation marks do not fit together."""

    def __init__(self, line: int, place: int, value: str, message: str) -> None:
        super().__init__(message)
        self.line, self.place, self.value, self.message = line, place, value, message


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and cells (RFC 4180). Raises Unquoted where a quotation mark is out of
    place.

    A line ends at the latest where it has one column or one letter more than a table takes.
    """
    if '"' in text:
        yield from _quoted_lines(text)
        return
    for number, line in enumerate(_physical_lines(text), 1):
        yield number, line.split(",", MOST_COLUMNS)


def _quoted_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a text with quotation marks."""
    position, number, start = 0, 1, 1
    cells: list[str] = []
    while position <= len(text):
        limit = position + MOST_IN_CELL
        match = CELL.match(text, position, limit)
        if match is None and not _goes_on(text, position, limit):
            raise _unquoted(text, position, number, len(cells))
        if match is None or match.end() == limit < len(text) or len(cells) == MOST_COLUMNS:
            yield start, [*cells, text[position : limit + 1]]
            return
        quoted, plain, stop = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        number += len(BREAK.findall(quoted)) if quoted else 0
        position = match.end()
        if stop != ",":
            yield start, cells
            if not stop:
                return
            number += 1
            start, cells = number, []


def _physical_lines(text: str) -> Iterator[str]:
    """The lines one by one, without a second copy of a large text."""
    start = 0
    for match in BREAK.finditer(text):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def _goes_on(text: str, position: int, limit: int) -> bool:
    """Does a quoted cell reach beyond the longest that is taken?"""
    opened = QUOTED.match(text, position, limit)
    return opened is not None and opened.end() >= limit - 1 and limit < len(text)


def _unquoted(text: str, position: int, number: int, place: int) -> Unquoted:
    value = BREAK.split(text[position : position + 200], maxsplit=1)[0].split(",")[0]
    if text[position] != '"':
        message = _(
            '引用符「"」が値の途中にあります。値の全体を引用符で囲み、中の引用符は2つ重ねてください。'
        )
        return Unquoted(number, place, value, message)
    opened = QUOTED.match(text, position, position + MOST_IN_CELL)
    if opened and opened.end() == len(text):
        return Unquoted(
            number,
            place,
            value,
            _('引用符「"」が閉じていません。ファイルが途中で切れていないか確認してください。'),
        )
    return Unquoted(
        number,
        place,
        value,
        _('閉じる引用符「"」の後に文字があります。引用符の位置を確認してください。'),
    )


def read_lines(text: str, table: Table) -> None:
    """Fill the table, up to the first quotation mark that is out of place: behind it nothing is
    certain.
    """
    try:
        for number, cells in lines(text):
            if not table.add(number, cells):
                break
    except Unquoted as error:
        table.refuse(error.line, table.name_of(error.place), error.value, error.message)
