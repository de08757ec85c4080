"""From a table to rows: headers are matched in any order, cells are read, and what does not fit is told with its place."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from municipality.models import Municipality

from .cells import compose
from .kinds import NEEDED, Column, Finding, ImportKind, Plan, Row
from .tables import Table

Known = dict[str, tuple[str, Any]]
SPACES = " \t\u3000\xa0"
MOST_KNOWN = 2_000
"""How many different values of a column are remembered while reading; dates and codes repeat, names hardly do."""


def plan_table(kind: ImportKind, table: Table, *, municipality: Municipality, today: date) -> Plan:
    """What this table would change. With a header or lines that cannot be trusted nothing further is looked at."""
    columns, findings, notes = match_columns(kind, table)
    findings = [*table.findings, *findings]
    if findings:
        return Plan(findings=findings, notes=[*table.notes, *notes])
    if not table.rows:
        return Plan(findings=[Finding(2, "", "", _("データの行がありません。見出しの下に1行以上入力してください。"))])
    rows, unread = read_rows(columns, table)
    plan = kind.plan(rows, municipality=municipality, today=today)
    plan.findings = sorted([*unread, *plan.findings], key=lambda finding: finding.line)
    plan.notes = [*table.notes, *notes, *plan.notes]
    return plan


def match_columns(kind: ImportKind, table: Table) -> tuple[dict[int, Column], list[Finding], list[str]]:
    """Which place holds which column, what refuses the header, and the columns that are not taken in."""
    wanted = {column.name: column for column in kind.columns}
    names = [compose(header.strip(SPACES)) for header in table.header]
    findings, notes = [], []
    for name, count in Counter(names).items():
        if name in wanted and count > 1:
            findings.append(
                Finding(1, name, name, _("同じ見出しの列が%(count)s列あります。1列にしてください。") % {"count": count})
            )
        elif name and name not in wanted:
            notes.append(_("列「%(column)s」は取り込みません。") % {"column": name})
    missing = [column.name for column in kind.columns if column.name not in names and not column.optional]
    findings += [Finding(1, name, "", _("この列がありません。見出しを1行目に入力してください。")) for name in missing]
    places = {place: wanted[name] for place, name in enumerate(names) if name in wanted}
    return places, findings, notes


def read_rows(columns: dict[int, Column], table: Table) -> tuple[list[Row], list[Finding]]:
    """Every line read, with the cells that could not be. What was read in a column once is not read again."""
    rows: list[Row] = []
    findings: list[Finding] = []
    places = {column.name: place for place, column in columns.items()}
    known: dict[int, Known] = {place: {} for place in columns}
    for line, cells in table.rows:
        row = Row(line, cells, [None] * len(cells), places)
        for place, column in columns.items():
            text = cells[place] = compose(cells[place].strip(SPACES))
            try:
                cells[place], row.values[place] = read_cell(column, text, known[place])
            except ValueError as error:
                row.bad |= {column.name}
                findings.append(row.finding(column.name, error))
        rows.append(row)
    return rows, findings


def read_cell(column: Column, text: str, known: Known) -> tuple[str, Any]:
    """Text and value of one cell, the same objects for the same text. Raises ValueError with what is expected."""
    if found := known.get(text):
        return found
    if not text and column.empty is NEEDED:
        raise ValueError(_("空欄です。入力してください。"))
    value = column.read(text) if text else column.empty
    if len(known) < MOST_KNOWN:
        known[text] = (text, value)
    return text, value
