"""What a kind of file is: its columns, its rows as read, what is wrong with them, and the plan of what they would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from municipality.models import Member, Municipality
from municipality.rules import Answer, may_import

NEEDED = object()
"""As `empty` of a column: a cell that is left empty is refused."""

MOST_SHOWN = 50
"""How many changes a preview keeps; the counts are of all."""

VALUE_LENGTH = 60


@dataclass(frozen=True)
class Finding:
    """Something that refuses the file: physical line (the header is 1), column and value where there are any, what is expected."""

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        value = " ".join(self.value.split())[:VALUE_LENGTH]
        where = f"行 {self.line} 列 {self.column} 「{value}」" if self.column else f"行 {self.line}"
        return f"{where}: {self.message}"


@dataclass(frozen=True)
class Column:
    """A column by its header. `read(text)` gives the cell's value or raises ValueError with what is expected.

    `empty` is the value of an empty cell, NEEDED when it must be filled. An `optional` column may be missing
    altogether; then its value is None in every row.
    """

    name: str
    read: Callable[[str], Any]
    empty: Any = NEEDED
    optional: bool = False


@dataclass(slots=True)
class Row:
    """A line of the file: `row["部署コード"]` is the value as read, None where it could not be or the column is missing.

    `places` says where each column stands; it is the same for all rows of a file. `bad` names the columns not read.
    """

    line: int
    cells: list[str]
    values: list[Any]
    places: Mapping[str, int]
    bad: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        place = self.places.get(column)
        return None if place is None else self.values[place]

    def finding(self, column: str, message: Any) -> Finding:
        """A finding about one cell of this line."""
        place = self.places.get(column)
        return Finding(self.line, column, "" if place is None else self.cells[place], str(message))


@dataclass(frozen=True)
class Change:
    """A change as the preview shows it: `what` is added, changed or ended; details are (column, before, after)."""

    line: int
    what: str
    label: str
    details: tuple[tuple[str, str, str], ...] = ()


def nothing(by: Member | None, now: datetime) -> None:
    """The commit of a plan that changes nothing."""


@dataclass
class Plan:
    """What a file would change. `counts` holds added, changed, unchanged and ended rows; a finding refuses the whole file.

    `commit(by, now)` writes it; it is called inside the transaction of the import, and only when there are no findings.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    commit: Callable[[Member | None, datetime], None] = nothing

    def refuse(self, row: Row, column: str, message: Any) -> None:
        """Refuse the file because of one cell."""
        self.findings.append(row.finding(column, message))

    def count(self, what: str, row: Row, label: str = "", *details: tuple[str, Any, Any]) -> None:
        """Count a row as added, changed, unchanged or ended, and keep the first changes for the preview."""
        self.counts[what] += 1
        if what != "unchanged" and len(self.changes) < MOST_SHOWN:
            written = tuple((column, shown(before), shown(after)) for column, before, after in details)
            self.changes.append(Change(row.line, what, label, written))

    added = property(lambda self: self.counts["added"])
    changed = property(lambda self: self.counts["changed"])
    unchanged = property(lambda self: self.counts["unchanged"])
    ended = property(lambda self: self.counts["ended"])

    @property
    def totals(self) -> dict[str, int]:
        """The four numbers by name."""
        return {what: self.counts[what] for what in ("added", "changed", "unchanged", "ended")}

    def __str__(self) -> str:
        return f"追加 {self.added} 変更 {self.changed} 変更なし {self.unchanged} 終了 {self.ended}"


def shown(value: Any) -> str:
    """A value as it stands in a preview."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


class Planner(Protocol):
    """Rows in, plan out; reads the database and writes nothing."""

    def __call__(self, rows: list[Row], *, municipality: Municipality, today: date) -> Plan:
        """The plan of these rows for the body as of today."""
        ...


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: its name on the command line, its label, its columns, how it is planned and who may hand it in."""

    kind: str
    label: Any
    columns: tuple[Column, ...]
    plan: Planner
    may: Callable[..., Answer] = may_import
    help: Any = ""


def words_of(choices: Mapping[str, Any]) -> str:
    """The words that a cell may hold, as a finding lists them."""
    return "・".join(choices)
