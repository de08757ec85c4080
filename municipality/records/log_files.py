"""The access log as a file: CSV in UTF-8 with a mark or in CP932, or a workbook. What CP932 cannot
hold is told with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

MOST_LINES = 100_000

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Form:
    """A kind of file: ending and type of content."""

    ending: str
    content_type: str


FORMS = {
    "csv": Form("csv", "text/csv; charset=utf-8"),
    "cp932": Form("csv", "text/csv; charset=Shift_JIS"),
    "xlsx": Form("xlsx", WORKBOOK),
}


class Unwritable(Exception):
    """A text that the wanted encoding cannot hold, with the line of the file in which it stands."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"{line}: {text}")
        self.line, self.text = line, text


def head() -> list[str]:
    """The first line of the file."""
    return [
        pgettext("履歴", "行の番号"),
        pgettext("履歴", "日時"),
        pgettext("履歴", "行った人"),
        pgettext("人", "職員番号"),
        _("行ったこと"),
        _("対象の種類"),
        _("対象の番号"),
        pgettext("履歴", "対象の人"),
    ]


def file_of(form: str, rows: Iterable[list[str]]) -> bytes:
    """The whole file. Raises Unwritable for what CP932 cannot hold."""
    lines = [head(), *rows]
    if form == "xlsx":
        return _workbook(lines)
    return _encoded(lines) if form == "cp932" else _text(lines).encode("utf-8-sig")


def _text(lines: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue()


def _encoded(lines: list[list[str]]) -> bytes:
    for number, line in enumerate(lines, 1):
        for text in line:
            try:
                text.encode("cp932")
            except UnicodeEncodeError:
                raise Unwritable(number, text) from None
    return _text(lines).encode("cp932")


def _workbook(lines: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("log")
    for line in lines:
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
