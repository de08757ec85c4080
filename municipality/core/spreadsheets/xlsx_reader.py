"""Reading xlsx: sizes are checked before anything is unpacked, and only values that stand in the
sheet are taken.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS

from municipality.core.spreadsheets.table import (
    EXPLANATIONS,
    FORBIDDEN,
    MOST_CELLS,
    MOST_FINDINGS,
    Table,
    named_lines,
    unusable_letter,
)
from municipality.core.spreadsheets.xlsx_limits import SMALL, TooLarge, check_parts, check_size

MOST_WIDE = 10 * MOST_CELLS
"""Cells of a sheet with the empty ones before the last of a row, each of which takes its time."""

ERA_DAY, YEAR_MONTH, MONTH_DAY = "[$-411]ge.m.d", 'yyyy"年"m"月"', 'm"月"d"日"'
ERA_WORDS = '[$-411]ggge"年"m"月"d"日"'

JAPANESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 57), ERA_DAY),
    **dict.fromkeys((28, 29, 51, 54, 58), ERA_WORDS),
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((34, 52, 55), YEAR_MONTH),
    **dict.fromkeys((35, 53, 56), MONTH_DAY),
}
"""Number formats that a Japanese Excel uses without writing them into the file (ECMA-376 part 1,
18.8.30, ja-jp).
"""

BUILTIN_FORMATS.update(JAPANESE_FORMATS)

STRICT_NAME = b"http://purl.oclc.org/ooxml/"

STRICT = (
    (STRICT_NAME + b"spreadsheetml/main", "spreadsheetml/2006/main"),
    (STRICT_NAME + b"officeDocument/", "officeDocument/2006/"),
    (STRICT_NAME + b"drawingml/", "drawingml/2006/"),
)
"""Names of the strict form of OOXML, and what the usual form has in their place."""

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]{0,100}?\bref="([A-Z]+([0-9]+)(?::[A-Z]+[0-9]+)?)"')

HIDDEN_ROW = re.compile(
    rb'<(?:\w+:)?row\b(?=[^>]{0,500}?\bhidden="(?:1|true)")[^>]{0,500}?\br="(\d+)"'
)

HIDDEN_COLUMN = re.compile(
    rb'<(?:\w+:)?col\b(?=[^>]{0,500}?\bhidden="(?:1|true)")(?=[^>]{0,500}?\bmin="(\d+)")'
    rb'[^>]{0,500}?\bmax="(\d+)"'
)

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""A character as Excel writes those that XML cannot hold."""


def read_book(content: bytes, heads: frozenset[str] = frozenset()) -> Table:
    """The table on the first visible sheet of an xlsx file."""
    table = Table(heads=heads)
    try:
        sheets = _read_first(content, table)
    except TooLarge:
        return _refused(_too_large())
    except Exception:  # noqa: BLE001 - damaged packages raise whatever their XML leads to
        return _refused(_damaged())
    if [sheet for sheet in sheets[1:] if sheet.title != EXPLANATIONS]:
        table.notes.append(
            _("シートが複数あるため、最初のシート「%(sheet)s」だけを取り込みます。")
            % {"sheet": sheets[0].title}
        )
    if not table.header and not table.findings:
        table.refuse(1, "", "", _("最初のシートが空です。"))
    return table


def _read_first(content: bytes, table: Table) -> list[Any]:
    """Read the first visible sheet into the table; all visible sheets. Raises TooLarge, and
    whatever the library raises at a damaged package.
    """
    with zipfile.ZipFile(BytesIO(content)) as package:
        check_size(package)
        check_parts(package)
    content = _in_usual_form(content)
    book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if sheets:
        _read_sheet(sheets[0], table)
        table.tidy()
        _fit_rows(table)
        _refuse_merged(content, sheets[0], table)
        _name_hidden(content, sheets[0], table)
    return sheets


def _refused(reason: str) -> Table:
    table = Table()
    table.refuse(1, "", "", reason)
    return table


def _damaged() -> str:
    return _("xlsx ファイルとして読めません。Excel で開いて保存し直すか、CSV で保存してください。")


def _too_large() -> str:
    return _(
        "展開すると大きすぎるファイルです。使っていない行や列、シートを削除するか、CSV で保存してください。"
    )


def _in_usual_form(content: bytes) -> bytes:
    """The package with the names of the usual form of OOXML, which alone the library reads."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        if STRICT_NAME not in package.read("_rels/.rels"):
            return content
        usual = BytesIO()
        with zipfile.ZipFile(usual, "w", zipfile.ZIP_DEFLATED) as written:
            for entry in package.infolist():
                with package.open(entry) as part, written.open(entry.filename, "w") as copy:
                    copy.write(_usual_names(part.read(SMALL)))  # they stand at its beginning
                    shutil.copyfileobj(part, copy, SMALL)
    return usual.getvalue()


def _usual_names(head: bytes) -> bytes:
    for strict, name in STRICT:
        head = head.replace(strict, f"http://schemas.openxmlformats.org/{name}".encode())
    return head


def _found(content: bytes, sheet: Any, *patterns: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """What stands in the sheet's own text, piece by piece; at a seam it may be found twice."""
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(sheet._worksheet_path) as part:  # noqa: SLF001
        before = b""
        while chunk := part.read(SMALL):
            for pattern in patterns:
                yield from pattern.finditer(before + chunk)
            before = chunk[-1_200:]


def _refuse_merged(content: bytes, sheet: Any, table: Table) -> None:
    """Of merged cells all but one are empty, although a person sees the value in each of them.
    Above the header they do no harm.
    """
    below = (
        match for match in _found(content, sheet, MERGED) if int(match[2]) >= table.header_line
    )
    if match := next(below, None):
        message = _("結合したセルがあります。結合を解除し、それぞれのセルに値を入力してください。")
        table.refuse(int(match[2]), "", match[1].decode(), message)


def _name_hidden(content: bytes, sheet: Any, table: Table) -> None:
    """Say which rows and columns a person does not see in the sheet: they are read like others."""
    lines = {line for line, _cells in table.rows}
    rows = {int(match[1]) for match in _found(content, sheet, HIDDEN_ROW)} & lines
    spans = [(int(match[1]), int(match[2])) for match in _found(content, sheet, HIDDEN_COLUMN)]
    columns = [
        table.name_of(place)
        for place in range(len(table.header))
        if any(first <= place + 1 <= last for first, last in spans)
    ]
    if rows:
        words = _(
            "非表示の行(絞り込みで隠れた行を含む)が%(count)s行あり、取り込みます。行 %(lines)s"
        )
        table.notes.append(words % {"count": len(rows), "lines": named_lines(sorted(rows))})
    if columns:
        words = _("非表示の列があり、取り込みます。%(columns)s")
        table.notes.append(words % {"columns": named_lines(columns)})


def _is_struck(cells: Any) -> bool:
    """Is the first value of the row crossed out (取消線)?"""
    first = next((cell for cell in cells if cell.value is not None), None)
    return first is not None and first.has_style and bool(first.font.strike)


def _read_sheet(sheet: Any, table: Table) -> None:
    """Line by line; what the sheet claims about its size is not believed."""
    sheet.reset_dimensions()
    numbers, wide, struck = 0, 0, []
    for line, cells in enumerate(sheet.iter_rows(), 1):
        wide += len(cells)
        if wide > MOST_WIDE:
            raise TooLarge
        texts = _texts(cells, line, table)
        numbers += sum(
            cell.data_type == "n" and isinstance(cell.value, int | float) for cell in cells
        )
        if _is_struck(cells):
            struck.append(line)
        if not _fit(texts, line, table) or not table.add(line, texts):
            break
    if struck:
        words = _("取消線の行が%(count)s行あり、取り込みます。行 %(lines)s")
        table.notes.append(words % {"count": len(struck), "lines": named_lines(struck)})
    if numbers:
        count = {"count": f"{numbers:,}"}
        table.notes.append(
            _(
                "数値の書式のセルが%(count)s個あります。コードの先頭の0が失われていないか確認してください。"
            )
            % count
        )


def _fit(texts: list[str], line: int, table: Table) -> bool:
    """Make the line as wide as the header; a value beyond it refuses the file."""
    width = len(table.header)
    while texts and not texts[-1]:
        texts.pop()
    if table.header:
        if len(texts) > width:
            table.refuse(
                line,
                table.name_of(len(texts) - 1),
                texts[-1],
                _("見出しのない列に値があります。見出しを付けるか、値を消してください。"),
            )
            return len(table.findings) < MOST_FINDINGS
        texts += [""] * (width - len(texts))
    return True


def _fit_rows(table: Table) -> None:
    """As wide as the header are also rows that were read before the header was known."""
    width = len(table.header)
    for place, (line, cells) in enumerate(table.rows):
        if len(cells) != width:
            texts = list(cells)
            if not _fit(texts, line, table):
                return
            table.rows[place] = (line, tuple(texts))


def _texts(cells: Any, line: int, table: Table) -> list[str]:
    texts = []
    for place, cell in enumerate(cells):
        text = text_of(cell)
        if cell.data_type in ("f", "e"):
            table.refuse(
                line,
                table.name_of(place),
                text,
                _("数式かエラーのセルです。値だけを貼り付けて保存し直してください。"),
            )
        elif FORBIDDEN.search(text):
            table.refuse(line, table.name_of(place), "", unusable_letter())
        texts.append(text)
    return texts


def text_of(cell: Any) -> str:
    """The cell as text: days in ISO, times and durations as 3:30, whole numbers without a point,
    padded where the cell's format says so (0000).
    """
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == datetime.min.time()
            else value.isoformat(" ")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return _clock(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        pattern = cell.number_format or ""
        return str(value).zfill(len(pattern)) if pattern and set(pattern) == {"0"} else str(value)
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(getattr(value, "text", value)))


def _clock(value: time | timedelta) -> str:
    """3:30, or 3:30:15 where there are seconds; a spreadsheet holds both as a part of a day."""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
