"""Kinds of files: their columns, their rows as read, the findings, and the plan of changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from municipality.core.refusals import Answer
from municipality.core.spreadsheets.reader import read_table
from municipality.core.spreadsheets.table import Finding, Table
from municipality.imports.models import FileImport
from municipality.imports.rules import may_import
from municipality.imports.snapshots import TableChange
from municipality.organisation.models import Member, Municipality

T = TypeVar("T")


NEEDED = object()
"""As `empty` of a column: a cell that is left empty is refused."""


MOST_SHOWN = 2_000
"""How many changes a preview keeps, page by page; the counts are of all."""


@dataclass(frozen=True)
class Column:
    """A column by its header. `read(text)` gives the cell's value or raises ValueError with what is
    expected.

    `empty` is the value of an empty cell, NEEDED when it must be filled. An `optional` column may
    be missing altogether; then its value is None in every row. `example` stands in the explanations
    of the template; `words` are the values to choose from there, and `expected` how to write one,
    where the reader does not say so itself.
    """

    name: str
    read: Callable[[str], Any]
    empty: Any = NEEDED
    optional: bool = False
    example: str = ""
    words: tuple[str, ...] = ()
    expected: Any = ""

    @property
    def shown(self) -> str:
        """Heading as the page lists it: in brackets where the column may be missing."""
        return f"({self.name})" if self.optional else self.name

    @property
    def choices(self) -> tuple[str, ...]:
        """Allowed words of a cell; empty where other values are allowed."""
        return self.words or getattr(self.read, "words", ())

    @property
    def help(self) -> str:
        """How to write a value."""
        return str(self.expected or getattr(self.read, "expected", ""))


@dataclass(slots=True)
class ImportRow:
    """A line of the file: `row["部署コード"]` is the value as read, None where it could not be or
    the column is missing.

    `places` says where each column stands; it is the same for all rows of a file. `bad` names the
    columns not read.
    """

    line: int
    cells: tuple[str, ...]
    values: tuple[Any, ...]
    places: Mapping[str, int]
    bad: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        place = self.places.get(column)
        return None if place is None else self.values[place]

    def finding(self, column: str, message: Any) -> Finding:
        """Finding about one cell of this row."""
        place = self.places.get(column)
        return Finding(self.line, column, "" if place is None else self.cells[place], str(message))


@dataclass(frozen=True)
class PreviewedChange:
    """Change as the preview shows it: `what` is added, changed or ended; details are (column,
    before, after).
    """

    line: int
    what: str
    label: str
    details: tuple[tuple[str, str, str], ...] = ()


def nothing(by: Member | None, now: datetime) -> None:
    """Commit of a plan without changes."""


def no_lock() -> None:
    """Lock of a plan whose rows no page writes."""


@dataclass
class ImportPlan:
    """What a file would change. `counts` holds added, changed, unchanged and ended rows; a finding
    refuses the whole file.

    `commit(by, now)` writes it; it is called inside the transaction of the import, and only when
    there are no findings. `readable` says that every line of the file could be told apart, so that
    they can be handed back with what is wrong. `tables` are the rows it was made from and writes
    to, `stamp` their digest when it was made. `transfer` is what a whole list would bring about on
    its day, `file` the file that is being written, for rows that keep where they came from.
    `lock()` is called in the transaction before the rows are compared with what they were, where
    pages write them as well.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[PreviewedChange] = field(default_factory=list)
    commit: Callable[[Member | None, datetime], None] = nothing
    lock: Callable[[], None] = no_lock
    readable: bool = False
    tables: list[QuerySet] = field(default_factory=list)
    stamp: str = ""
    transfer: dict[str, Any] | None = None
    file: FileImport | None = None
    left_out: int = 0
    said: Any = field(default_factory=hashlib.sha256)

    def refuse(self, row: ImportRow, column: str, message: Any) -> None:
        """Refuse the file because of one cell."""
        self.findings.append(row.finding(column, message))

    def count(
        self, what: str, row: ImportRow, label: str = "", *details: tuple[str, Any, Any]
    ) -> None:
        """Count a row as added, changed, unchanged or ended, and keep the first changes for the
        preview.
        """
        self.counts[what] += 1
        if what == "unchanged":
            return
        change = PreviewedChange(
            row.line,
            what,
            label,
            tuple((name, shown(was), shown(now)) for name, was, now in details),
        )
        self.said.update(
            repr((change.line, change.what, change.label, change.details)).encode(
                "utf-8", "replace"
            )
        )
        if len(self.changes) < MOST_SHOWN:
            self.changes.append(change)

    def close(self) -> None:
        """Release everything that was read for writing: it refers to the plan itself and would stay
        in memory for long.
        """
        self.commit = nothing

    added = property(lambda self: self.counts["added"])
    changed = property(lambda self: self.counts["changed"])
    unchanged = property(lambda self: self.counts["unchanged"])
    ended = property(lambda self: self.counts["ended"])

    @property
    def totals(self) -> dict[str, int]:
        """Counts by name."""
        return {what: self.counts[what] for what in ("added", "changed", "unchanged", "ended")}

    @property
    def seal(self) -> str:
        """Digest of every change, shown or not: two plans with the same digest make the same
        changes.
        """
        return self.said.hexdigest()

    def __str__(self) -> str:
        return f"追加 {self.added} 変更 {self.changed} 変更なし {self.unchanged} 終了 {self.ended}"


def shown(value: Any) -> str:
    """Value as the preview shows it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


Planner = Callable[..., ImportPlan]
"""(rows, *, municipality, today, report[, options]) → the plan of these rows for the body as of
today. Reads, and writes nothing; `report` is called with the progress.
"""

ReportProgress = Callable[[int, int], None]
"""(done, rows): progress in rows. Reading counts as half a row, planning as the other half."""

REPORT_EVERY = 200


def no_report(done: int, rows: int) -> None:
    """Ignore the progress; the default of `report`."""


def reported(rows: list[ImportRow], report: ReportProgress) -> Iterator[ImportRow]:
    """The rows one by one, for the loop that plans them; calls `report` with the progress."""
    for count, row in enumerate(rows, len(rows) + 1):
        if count % REPORT_EVERY == 0:
            report(count // 2, len(rows))
        yield row


@dataclass(frozen=True)
class ImportChoice:
    """What may be chosen of a previewed file that left rows out: the option that takes them in, and
    the words of both buttons.
    """

    option: str
    take: Any
    leave: Any


def unlimited(member: Member) -> dict[str, Any]:
    """Options of whoever takes in files of the whole body: none."""
    return {}


def always(options: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Any two files of a kind may change the same rows."""
    return True


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: its name on the command line, its label, its columns, how it is planned and
    who may hand it in.

    `tables(municipality, rows)` gives the rows of the database from which such a file is planned
    and to which it is written, those first that others point to: what an import changed in them is
    kept and can be taken back. `owner_fields` names for a table (by its label) the relation through
    which a later row builds on a changed one. `current(municipality, today)` gives what is stored
    as rows of the same columns. `options` names what can be said of a file beside it; it is kept
    with the file as JSON and handed to `plan` as `options`; `limits(member)` gives those that limit
    a file to what its person may change, `choice` the one by which rows that were left out are
    taken in. `may_meet(options, others)` tells whether two files may change the same rows: of such
    files the later one is undone first. `undo_check(municipality, changes)` is asked before an undo
    and gives the question for when the rows are back: a reason refuses it. `shows(file)` gives
    what the page of such a file shows beside the changes.
    """

    kind: str
    label: Any
    columns: tuple[Column, ...]
    plan: Planner
    may: Callable[..., Answer] = may_import
    help: Any = ""
    tables: Callable[[Municipality, list[ImportRow]], list[QuerySet]] | None = None
    owner_fields: Mapping[str, str] = field(default_factory=dict)
    current: Callable[[Municipality, date], Iterable[Sequence[Any]]] | None = None
    options: Any = None
    limits: Callable[[Member], dict[str, Any]] = unlimited
    choice: ImportChoice | None = None
    may_meet: Callable[[Mapping[str, Any], Mapping[str, Any]], bool] = always
    undo_check: Callable[[Municipality, list[TableChange]], Callable[[], str]] | None = None
    shows: Callable[[FileImport], dict[str, Any]] | None = None

    def table_in(self, name: str, content: bytes) -> Table:
        """The table of such a file; lines above the one with its headings are titles."""
        return read_table(name, content, {column.name for column in self.columns})

    @property
    def hands_out(self) -> bool:
        """Whether the stored data can be downloaded as a file. (A template would call
        `current`.)
        """
        return self.current is not None
