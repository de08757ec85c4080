"""Writing rows to a file that lies on disk while it grows: memory does not depend on how many there
are.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from municipality.core.spreadsheets.cell_safety import cell, text

XLSX, CSV, CP932 = "xlsx", "csv", "cp932"

FORMATS = (XLSX, CSV, CP932)

TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
    CP932: "text/csv; charset=Shift_JIS",
}

MOST_SHEET_ROWS = 1_000_000

MOST_CELL = 32_767

CHUNK = 2**16

TEXT_FORMAT = "@"
"""Format of a cell that holds text whatever is typed into it."""

HEAD = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor="EEF1F6"),
    "border": Border(bottom=Side("thin", color="8B93A3")),
    "alignment": Alignment(vertical="top", wrap_text=True),
}


class CannotHold(Exception):
    """The format asked for cannot hold a value: where it stands (header line 1), in which column,
    and the value.
    """

    def __init__(self, line: int, column: str, value: str, letter: str) -> None:
        super().__init__(f"{line} {column} {value}")
        self.line, self.column, self.value, self.letter = line, column, value, letter


@dataclass
class Written:
    """A file that was written: its bytes on disk, read from the start, how many rows it has, and
    its SHA-256.
    """

    file: IO[bytes]
    rows: int
    digest: str


def ending(format_: str) -> str:
    """How the name of such a file ends."""
    return XLSX if format_ == XLSX else CSV


def write(format_: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Written:
    """A file of these rows under these heads. Raises CannotHold for a letter that the format has
    not.
    """
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - handed on, and closed by the answer that sends it
    counted = Counted(rows)
    try:
        if format_ == XLSX:
            write_book(file, title, heads, counted)
        else:
            write_csv(file, heads, counted, cp932=format_ == CP932)
    except BaseException:
        file.close()
        raise
    return Written(file, counted.count, _digest(file))


class Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def _digest(file: IO[bytes]) -> str:
    whole = hashlib.sha256()
    file.seek(0)
    while part := file.read(CHUNK):
        whole.update(part)
    file.seek(0)
    return whole.hexdigest()


def write_csv(
    file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Any]], *, cp932: bool = False
) -> None:
    """CSV with lines ending as a spreadsheet ends them; UTF-8 with its mark, or CP932."""
    out = TextIOWrapper(
        file, encoding="cp932" if cp932 else "utf-8-sig", newline="", write_through=False
    )
    writer = csv.writer(out, lineterminator="\r\n")
    try:
        for line, row in enumerate(_with_head(heads, rows), 1):
            texts = [text(value) for value in row]
            writer.writerow(
                [_in_cp932(value, line, heads, n) for n, value in enumerate(texts)]
                if cp932
                else texts
            )
    finally:
        out.detach()


def _with_head(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield heads
    yield from rows


def _in_cp932(value: str, line: int, heads: Sequence[str], place: int) -> str:
    """The value, if CP932 has all its letters and gives them back as they were. None is replaced by
    one that looks like it.
    """
    if value.isascii():
        return value
    try:
        packed = value.encode("cp932")
    except UnicodeEncodeError as error:
        raise CannotHold(line, heads[place], value, value[error.start : error.end]) from None
    if packed.decode("cp932") != value:
        changed = next(
            letter for letter in value if letter.encode("cp932").decode("cp932") != letter
        )
        raise CannotHold(line, heads[place], value, changed)
    return value


def write_book(
    file: IO[bytes], title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """One sheet (more only beyond a million rows): a head that stays in sight, a cell for each
    value, no merged cells.
    """
    with a_book(file) as book:
        sheet = a_sheet(book, title, heads)
        for number, row in enumerate(rows, 1):
            if number % MOST_SHEET_ROWS == 0:
                sheet = a_sheet(book, f"{title} {number // MOST_SHEET_ROWS + 1}", heads)
            sheet.append(
                [
                    _in_book(sheet, value, number + 1, heads, place)
                    for place, value in enumerate(row)
                ]
            )


@contextmanager
def a_book(file: IO[bytes]) -> Iterator[Workbook]:
    """Workbook to be filled row by row, saved at the end; when that fails nothing of it is
    left on disk.
    """
    book: Any = Workbook(write_only=True)
    try:
        yield book
    except BaseException:
        with TemporaryFile() as nowhere:
            book.save(nowhere)  # the only public way to have its own files removed
        raise
    book.save(file)


def a_sheet(book: Workbook, title: str, heads: Sequence[str], width: int = 18) -> Worksheet:
    """Sheet with its head in sight, which can be filtered."""
    sheet = book.create_sheet(
        "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]
        or pgettext("出力", "一覧")
    )
    sheet.freeze_panes = "A2"
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([styled(sheet, value) for value in heads])
    return sheet


def styled(sheet: Worksheet, value: str) -> Any:
    """Cell of the head in its bold type."""
    made = WriteOnlyCell(sheet, value=cell(value))
    for name, style in HEAD.items():
        setattr(made, name, style)
    return made


def _in_book(sheet: Worksheet, value: Any, line: int, heads: Sequence[str], place: int) -> Any:
    """The value as a cell. A sheet has no letter for controls, and cuts what is too long: both are
    refused. A code gets the format of text, so that one typed over it keeps its leading zeros.
    """
    made = cell(value)
    if isinstance(made, str):
        if match := ILLEGAL_CHARACTERS_RE.search(made):
            raise CannotHold(line, heads[place], made, f"U+{ord(match.group()):04X}")
        if len(made) > MOST_CELL:
            raise CannotHold(line, heads[place], made[:40], "")
        return _coded(sheet, made) if made.isdigit() else made or None
    if isinstance(made, date) and made.year < 1900:
        return made.isoformat()
    return made


def _coded(sheet: Worksheet, code: str) -> Any:
    made = WriteOnlyCell(sheet, value=code)
    made.number_format = TEXT_FORMAT
    return made
