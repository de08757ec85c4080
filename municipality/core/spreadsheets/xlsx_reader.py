"""Reading xlsx: sizes are checked before anything is unpacked, and only values that stand in the
sheet are taken.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from municipality.core.spreadsheets.table import (
    EXPLANATIONS,
    FORBIDDEN,
    MOST_FINDINGS,
    MOST_ROWS,
    Table,
    unusable_letter,
)

MOST_UNPACKED = 150 * 2**20

MOST_STRINGS = 60 * 2**20

MOST_ENTRIES = 2_000

MOST_RATIO = 200

SMALL = 2**20

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]{0,100}?\bref="([A-Z]+([0-9]+)(?::[A-Z]+[0-9]+)?)"')


def read_book(content: bytes) -> Table:
    """The table on the first visible sheet of an xlsx file."""
    table = Table()
    try:
        if refusal := _too_large(content):
            table.refuse(1, "", "", refusal)
            return table
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if sheets:
            _refuse_merged(content, sheets[0], table)
            _read_sheet(sheets[0], table)
    except Exception:  # noqa: BLE001 - damaged packages raise whatever their XML leads to
        return _damaged()
    if [sheet for sheet in sheets[1:] if sheet.title != EXPLANATIONS]:
        table.notes.append(
            _("シートが複数あるため、最初のシート「%(sheet)s」だけを取り込みます。")
            % {"sheet": sheets[0].title}
        )
    if not table.header and not table.findings:
        table.refuse(1, "", "", _("最初のシートが空です。"))
    return table


def _damaged() -> Table:
    table = Table()
    table.refuse(
        1,
        "",
        "",
        _("xlsx ファイルとして読めません。Excel で開いて保存し直すか、CSV で保存してください。"),
    )
    return table


def _too_large(content: bytes) -> str:
    """Why the package is not unpacked: a few kilobytes can claim to hold gigabytes."""
    with zipfile.ZipFile(BytesIO(content)) as package:
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
        return _(
            "展開すると大きすぎるファイルです。使っていない行や列、シートを削除するか、CSV で保存してください。"
        )
    return ""


def _refuse_merged(content: bytes, sheet: Any, table: Table) -> None:
    """Of merged cells all but one are empty, although a person sees the value in each of them."""
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(sheet._worksheet_path) as part:  # noqa: SLF001
        before = b""
        while chunk := part.read(SMALL):
            if match := MERGED.search(before + chunk):
                cells, line = match[1].decode(), int(match[2])
                table.refuse(
                    line,
                    "",
                    cells,
                    _(
                        "結合したセルがあります。結合を解除し、それぞれのセルに値を入力してください。"
                    ),
                )
                return
            before = chunk[-200:]


def _read_sheet(sheet: Any, table: Table) -> None:
    """Line by line; what the sheet claims about its size is not believed."""
    sheet.reset_dimensions()
    numbers = 0
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line > MOST_ROWS + 1:
            most = {"most": f"{MOST_ROWS:,}"}
            table.refuse(
                line,
                "",
                "",
                _("%(most)s行を超えています。下の空の行を削除するか、ファイルを分けてください。")
                % most,
            )
            break
        texts = _texts(cells, line, table)
        numbers += sum(
            cell.data_type == "n" and isinstance(cell.value, int | float) for cell in cells
        )
        if not _fit(texts, line, table) or not table.add(line, texts):
            break
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
    """The cell as text: days in ISO, whole numbers without a point, padded where the cell's format
    says so (0000).
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
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        pattern = cell.number_format or ""
        return str(value).zfill(len(pattern)) if pattern and set(pattern) == {"0"} else str(value)
    return str(getattr(value, "text", value))
