"""Reading the rows of a table: columns are matched by heading in any order, cells are read, and
errors are reported with their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from municipality.core.spreadsheets.cell_readers import compose
from municipality.core.spreadsheets.cell_safety import restored
from municipality.core.spreadsheets.table import MOST_KNOWN, Finding, Table
from municipality.imports.kinds import (
    NEEDED,
    REPORT_EVERY,
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
)
from municipality.imports.snapshots import Snapshot
from municipality.organisation.models import Municipality

Known = dict[str, tuple[str, Any]]

SPACES = " \t\u3000\xa0"

GOOD: frozenset[str] = frozenset()

MOST_WRONG = 100_000
"""Cells with something wrong in them, after which the rest of a file is not read."""


def plan_table(
    kind: ImportKind,
    table: Table,
    *,
    municipality: Municipality,
    today: date,
    options: dict[str, Any] | None = None,
    stamped: bool = False,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """Plan of the changes that the table makes. When the heading or the lines are unreliable, only
    the findings are returned.

    `stamped` stores a digest of the database rows before the plan is made. `report(done, rows)` is
    called with the progress.
    """
    columns, findings, notes = columns_of(kind, table)
    if findings:
        readable = not table.findings and bool(table.rows)
        return ImportPlan(findings=findings, notes=[*table.notes, *notes], readable=readable)
    if not table.rows:
        return ImportPlan(
            notes=[
                *table.notes,
                *notes,
                _("データの行がありません。見出しの下に1行以上入力してください。"),
            ]
        )
    rows, unread, unmarked = read_rows(columns, table, report)
    tables = kind.tables(municipality, rows) if kind.tables else []
    stamp = Snapshot(tables, keep=False).digest if stamped and tables else ""
    chosen = {"options": options or {}} if kind.options else {}
    plan = kind.plan(rows, municipality=municipality, today=today, report=report, **chosen)
    plan.findings = sorted([*unread, *plan.findings], key=lambda finding: finding.line)
    plan.notes = [*table.notes, *notes, *unmarked, *plan.notes]
    plan.tables, plan.stamp, plan.readable = tables, stamp, True
    return plan


def columns_of(
    kind: ImportKind, table: Table
) -> tuple[dict[int, Column], list[Finding], list[str]]:
    """Column at each position, all that refuses the table, and columns that are ignored. Where the
    table has no heading, only that counts.
    """
    columns, findings, notes = match_columns(kind, table)
    return columns, [*table.findings, *(findings if table.header else [])], notes


def match_columns(
    kind: ImportKind, table: Table
) -> tuple[dict[int, Column], list[Finding], list[str]]:
    """Column at each position, findings that refuse the heading, and columns that are ignored."""
    wanted = {column.name: column for column in kind.columns}
    names = [compose(header.strip(SPACES)) for header in table.header]
    findings, notes = [], []
    for name, count in Counter(names).items():
        if name in wanted and count > 1:
            findings.append(
                Finding(
                    table.header_line,
                    name,
                    name,
                    _("同じ見出しの列が%(count)s列あります。1列にしてください。")
                    % {"count": count},
                )
            )
        elif name and name not in wanted:
            notes.append(_("列「%(column)s」は取り込みません。") % {"column": name})
    missing = [
        column.name for column in kind.columns if column.name not in names and not column.optional
    ]
    findings += [
        Finding(
            table.header_line, name, "", _("この列がありません。見出しを1行目に入力してください。")
        )
        for name in missing
    ]
    places = {place: wanted[name] for place, name in enumerate(names) if name in wanted}
    return places, findings, notes


def read_rows(
    columns: dict[int, Column], table: Table, report: ReportProgress = no_report
) -> tuple[list[ImportRow], list[Finding], list[str]]:
    """Rows that were read, findings, and notes. A text that was read in a column once is not parsed
    again.
    """
    rows: list[ImportRow] = []
    findings: list[Finding] = []
    marked = 0
    places = {column.name: place for place, column in columns.items()}
    known: dict[int, Known] = {place: {} for place in columns}
    for count, (line, cells) in _with_progress(table, report):
        if len(findings) >= MOST_WRONG:
            break
        texts, taken_off = _plain_texts(cells, columns, marked=not table.unmarked)
        marked += taken_off
        values, bad = [None] * len(cells), GOOD
        for place, column in columns.items():
            try:
                texts[place], values[place] = read_cell(column, texts[place], known[place])
            except ValueError as error:
                bad |= {column.name}
                findings.append(Finding(line, column.name, texts[place], str(error)))
        rows.append(ImportRow(line, tuple(texts), tuple(values), places, bad))
        table.rows[count - 1] = (line, rows[-1].cells)
    table.unmarked = True
    return rows, findings, _notes_of_rows(rows, findings, marked)


def _with_progress(
    table: Table, report: ReportProgress
) -> Iterator[tuple[int, tuple[int, Sequence[str]]]]:
    """The rows, counted from 1; reading them is the first half of the work."""
    for count, row in enumerate(table.rows, 1):
        if count % REPORT_EVERY == 0:
            report(count // 2, len(table.rows))
        yield count, row


def _plain_texts(
    cells: Sequence[str], columns: dict[int, Column], *, marked: bool
) -> tuple[list[str], int]:
    """The cells of a row, those of the columns without blanks around them; and how many marks
    against formulas were taken off, where the table still has them.
    """
    texts, taken_off = list(cells), 0
    for place in columns:
        texts[place] = text = compose(texts[place].strip(SPACES))
        if marked and text.startswith("'"):
            texts[place] = restored(text)
            taken_off += texts[place] != text
    return texts, taken_off


def _notes_of_rows(rows: list[ImportRow], findings: list[Finding], marked: int) -> list[str]:
    notes = []
    if len(findings) >= MOST_WRONG:
        words = _("直すところが多いため、行 %(line)s までを調べました。")
        notes.append(words % {"line": rows[-1].line})
    if marked:
        count_ = {"count": f"{marked:,}"}
        notes.append(
            _("数式として動かないように付けてある先頭の「'」を%(count)s個のセルから外しました。")
            % count_
        )
    return notes


def read_cell(column: Column, text: str, known: Known) -> tuple[str, Any]:
    """Text and value of one cell; equal texts share one object. Raises ValueError with what is
    expected.
    """
    if cell := known.get(text):
        return cell
    if not text and column.empty is NEEDED:
        raise ValueError(_("空欄です。入力してください。"))
    value = column.read(text) if text else column.empty
    if len(known) < MOST_KNOWN:
        known[text] = (text, value)
    return text, value
