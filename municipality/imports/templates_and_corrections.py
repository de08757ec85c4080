"""Files to fill in and import: the template, the stored data, and a refused file with its
findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from municipality.core.registry import import_kinds
from municipality.core.spreadsheets.cell_safety import neutral
from municipality.core.spreadsheets.reader import ZIP
from municipality.core.spreadsheets.table import EXPLANATIONS, Table
from municipality.core.spreadsheets.writers import CP932, CSV, HEAD, TEXT_FORMAT, XLSX
from municipality.imports.kinds import NEEDED, ImportKind
from municipality.imports.models import FileImport
from municipality.organisation.models import Municipality

REMARKS = "指摘"
"""The last column of a file that is sent back. It is no column of any kind, and so it is not taken
in.
"""


ROWS_WITH_CHOICES = 5_000


def heads_of(kind: ImportKind) -> list[str]:
    """Headings of a kind, as the import expects them (in Japanese in every language)."""
    return [column.name for column in kind.columns]


def template_book(kind: ImportKind) -> IO[bytes]:
    """Empty workbook: the sheet to fill in, whose cells are text with a list of choices, and a
    sheet of explanations.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = str(kind.label)[:31]
    sheet.append(heads_of(kind))
    for place, column in enumerate(kind.columns, 1):
        _prepare(sheet, place, column.choices)
    _explain(book.create_sheet(EXPLANATIONS), kind)
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - handed on, and closed by the answer that sends it
    book.save(file)
    file.seek(0)
    return file


def _prepare(sheet: Worksheet, place: int, choices: Sequence[str]) -> None:
    letter = get_column_letter(place)
    for name, style in HEAD.items():
        setattr(sheet.cell(1, place), name, style)
    sheet.column_dimensions[letter].width = 18
    sheet.column_dimensions[letter].number_format = TEXT_FORMAT
    sheet.freeze_panes = "A2"
    if choices:
        rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
        rule.error = _("一覧から選んでください。")
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROWS_WITH_CHOICES}")


def _explain(sheet: Worksheet, kind: ImportKind) -> None:
    """Second sheet: for each column whether it is required, how it is written, and an example."""
    sheet.append(
        [
            pgettext("取込み", "列"),
            pgettext("取込み", "必要"),
            pgettext("取込み", "書き方"),
            pgettext("取込み", "例"),
        ]
    )
    for column in kind.columns:
        sheet.append([column.name, need_of(column), column.help, neutral(column.example)])
    sheet.append([])
    sheet.append([str(kind.help)])
    for place, width in enumerate((18, 22, 60, 28), 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        for name, style in HEAD.items():
            setattr(sheet.cell(1, place), name, style)
        for row in range(2, len(kind.columns) + 2):
            sheet.cell(row, place).alignment = Alignment(vertical="top", wrap_text=True)


def need_of(column: Any) -> str:
    """Whether a column must exist and be filled in, in words."""
    if column.optional:
        return _("なくてもよい")
    return pgettext("取込み", "必須") if column.empty is NEEDED else _("空欄でもよい")


def current_rows(
    kind: ImportKind, municipality: Municipality, today: date
) -> Iterable[Sequence[Any]]:
    """Stored data as rows of the kind's columns. Importing them again changes nothing."""
    return kind.current(municipality, today) if kind.current else ()


def format_of(content: bytes) -> str:
    """Format of the content, so that the file is returned in the same format."""
    if content.startswith(ZIP):
        return XLSX
    return CP932 if _is_cp932(content) else CSV


def _is_cp932(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def with_findings(file_import: FileImport) -> tuple[list[str], Iterator[list[Any]], str]:
    """A refused file with its headings and rows as they came, findings in the last column; and its
    format.
    """
    content = bytes(file_import.content)
    table = import_kinds()[file_import.kind].table_in(file_import.name, content)
    place = table.header.index(REMARKS) if REMARKS in table.header else len(table.header)
    lacking = _lacking(file_import, table)
    heads = [name for n, name in enumerate(table.header) if n != place] + lacking + [REMARKS]
    return heads, _lines_with_findings(file_import, table, place, len(lacking)), format_of(content)


def _lacking(file_import: FileImport, table: Table) -> list[str]:
    """Headings that were missing: their columns are added, to be filled in."""
    return [
        column
        for line, column, _value, _message in file_import.findings
        if line == table.header_line and column not in table.header
    ]


def _lines_with_findings(
    file_import: FileImport, table: Table, place: int, more: int
) -> Iterator[list[Any]]:
    said: dict[int, list[str]] = defaultdict(list)
    first = table.rows[0][0] if table.rows else 2
    for line, column, _value, message in file_import.findings:
        said[first if line == 1 else line].append(f"{column}: {message}" if column else message)
    for line, cells in table.rows:
        kept = [value for n, value in enumerate(cells) if n != place]
        yield [*kept, *[""] * more, "\n".join(said[line])]
