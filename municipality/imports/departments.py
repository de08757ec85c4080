"""File of departments: one row each, with the day from which its name, kind and parent hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.core.spreadsheets.cell_readers import choice, code, day, words
from municipality.imports.kinds import (
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
    reported,
)
from municipality.imports.near_codes import NearCodes
from municipality.organisation.models import Department, DepartmentVersion, Member, Municipality
from municipality.organisation.operations.departments import rewrite_paths

Kind = Department.Kind

KINDS = {
    "局": Kind.BUREAU.value,
    "部": Kind.DIVISION.value,
    "課": Kind.SECTION.value,
    "係": Kind.UNIT.value,
    "室": Kind.OFFICE.value,
    "出先": Kind.BRANCH.value,
}

WORDS = {kind: word for word, kind in KINDS.items()}

MOST_DEPTH = 20

NO_END = date.max

COLUMNS = (
    Column("部署コード", code(20), example="0101"),
    Column("部署名", words(80), example="総務課"),
    Column("上位部署コード", code(20), empty="", example="0100"),
    Column("種別", choice(KINDS), example="課"),
    Column("開始日", day, example="令和8年4月1日"),
    Column("終了日", day, empty=None, example="2027-03-31"),
)


@dataclass(eq=False)
class DepartmentSpan:
    """Name, kind and parent (by code) of a department from a day on, as stored or as planned."""

    name: str
    kind: str
    parent: str
    starts_on: date
    ends_on: date | None
    stored: DepartmentVersion | None = None
    touched: bool = False

    @classmethod
    def planned(cls, row: ImportRow, ends_on: date | None) -> Self:
        """From the row's day on, with the values of the row."""
        name, kind, parent = row["部署名"], row["種別"], row["上位部署コード"]
        return cls(name, kind, parent, row["開始日"], ends_on, touched=True)

    @property
    def values(self) -> tuple[str, str, str]:
        """Values that are compared with a row."""
        return self.name, self.kind, self.parent

    def take(self, row: ImportRow) -> None:
        """Take over the values of a row."""
        self.name, self.kind, self.parent = row["部署名"], row["種別"], row["上位部署コード"]
        self.touched = True


class DepartmentsPlanner:
    """Departments of one body with their spans, changed in memory while the rows are planned one by
    one.
    """

    def __init__(self, municipality: Municipality, today: date) -> None:
        self.municipality, self.today, self.plan = municipality, today, ImportPlan()
        self.stored = {row.code: row for row in Department.objects.of(municipality)}
        self.ends = {code: row.ends_on for code, row in self.stored.items()}
        self.starts = {code: row.starts_on for code, row in self.stored.items()}
        self.spans: dict[str, list[DepartmentSpan]] = defaultdict(list)
        self.rows: dict[str, ImportRow] = {}
        self.near = NearCodes(("", code) for code in self.stored)
        codes = {row.pk: code for code, row in self.stored.items()}
        for version in DepartmentVersion.objects.of(municipality).order_by("starts_on"):
            parent = codes.get(version.parent_id or 0, "")
            span = DepartmentSpan(
                version.name, version.kind, parent, version.starts_on, version.ends_on, version
            )
            self.spans[codes[version.department_id]].append(span)

    def look_at(self, rows: list[ImportRow], report: ReportProgress) -> ImportPlan:
        """Plan every row, then check the tree that would come out."""
        for row in reported(rows, report):
            self._look_at_one(row)
        self._check_parents(rows)
        if not self.plan.findings:
            self._check_circles()
            self._check_ends()
        self.plan.commit = self.commit
        return self.plan

    def _look_at_one(self, row: ImportRow) -> None:
        number = row["部署コード"]
        if number in self.rows:
            message = _("同じ部署コードが行 %(line)s にもあります。1つの部署は1行にしてください。")
            self.plan.refuse(row, "部署コード", message % {"line": self.rows[number].line})
        elif number:
            self.rows[number] = row
            if not row.bad and self._dates_fit(row):
                self._take(row, number)

    def _dates_fit(self, row: ImportRow) -> bool:
        if row["終了日"] and row["終了日"] < row["開始日"]:
            self.plan.refuse(row, "終了日", _("開始日より後の日付を入力してください。"))
            return False
        later = [
            span
            for span in self.spans.get(row["部署コード"], ())
            if row["終了日"] and span.starts_on > row["終了日"]
        ]
        if later:
            self.plan.refuse(
                row,
                "終了日",
                _("この日より後に始まる変更(%(day)s)が登録されています。")
                % {"day": later[0].starts_on},
            )
        return not later

    def _take(self, row: ImportRow, number: str) -> None:
        label = f"{number} {row['部署名']}"
        if number not in self.stored:
            if refusal := self.near.refusal(number):
                self.plan.refuse(row, "部署コード", refusal)
                return
            self.near.add(number)
            self.spans[number] = [DepartmentSpan.planned(row, row["終了日"])]
            self.starts[number], self.ends[number] = row["開始日"], row["終了日"]
            self.plan.count("added", row, label)
            return
        details = self._change_span(row, number)
        ended = self._change_end(row, number, details)
        self.plan.count(
            "ended" if ended else "changed" if details else "unchanged", row, label, *details
        )

    def _change_span(self, row: ImportRow, number: str) -> list[tuple]:
        """Correct the span that begins on the row's day, or begin a new one; the differences."""
        spans, start = self.spans[number], row["開始日"]
        before = [span for span in spans if span.starts_on <= start]
        span = before[-1] if before else spans[0]
        values = (row["部署名"], row["種別"], row["上位部署コード"])
        details: list[tuple] = [
            change
            for change in zip(
                ("部署名", "種別", "上位部署コード"), span.values, values, strict=True
            )
            if change[1] != change[2]
        ]
        if not before:
            details.append(("開始日", span.starts_on, start))
            span.starts_on = self.starts[number] = start
            span.take(row)
        elif details and span.starts_on == start:
            span.take(row)
        elif details:
            self._begin(row, spans, span)
            details.append(("開始日", span.starts_on, start))
        return [(name, _word(name, old), _word(name, new)) for name, old, new in details]

    def _begin(self, row: ImportRow, spans: list[DepartmentSpan], span: DepartmentSpan) -> None:
        """A new span from the row's day on; the one before ends the day before."""
        begun = DepartmentSpan.planned(row, span.ends_on)
        if span.ends_on is None or span.ends_on >= row["開始日"]:
            span.ends_on, span.touched = row["開始日"] - timedelta(days=1), True
        else:
            begun.ends_on = None
        spans.insert(spans.index(span) + 1, begun)

    def _change_end(self, row: ImportRow, number: str, details: list[tuple]) -> bool:
        """Take over the last day; True when it is newly set."""
        was, wanted = self.ends[number], row["終了日"]
        if was == wanted:
            return False
        details.append(("終了日", was, wanted))
        last = self.spans[number][-1]
        last.ends_on, last.touched, self.ends[number] = wanted, True, wanted
        return was is None

    def _check_parents(self, rows: list[ImportRow]) -> None:
        for row in rows:
            above = row["上位部署コード"]
            if above and above not in self.stored and above not in self.rows:
                self.plan.refuse(
                    row,
                    "上位部署コード",
                    _("この部署コードは、ファイルにも登録済みの部署にもありません。"),
                )

    def _check_circles(self) -> None:
        """Refuse a department below itself, in today's tree and in that of each planned change."""
        days = {self.today} | {
            span.starts_on
            for spans in self.spans.values()
            if len(spans) > 1
            for span in spans
            if span.touched
        }
        reported: set[str] = set()
        for when in sorted(days):
            parents = {
                number: _on(spans, when).parent for number, spans in self.spans.items() if number
            }
            for number, row in self.rows.items():
                if number not in reported and (reason := _circle(number, parents)):
                    reported.add(number)
                    self.plan.refuse(row, "上位部署コード", reason)

    def _check_ends(self) -> None:
        """Refuse the end of a department that still has departments below it."""
        for number, spans in self.spans.items():
            above = spans[-1].parent
            end = self.ends.get(above)
            if not number or not above or not end:
                continue
            if end < (self.ends[number] or NO_END):
                row, column = (
                    (self.rows[above], "終了日")
                    if above in self.rows
                    else (self.rows.get(number), "上位部署コード")
                )
                if row is not None:
                    values = {"above": above, "below": number, "day": end}
                    self.plan.refuse(
                        row,
                        column,
                        _(
                            "上位の %(above)s は %(day)s に終わりますが、下位の %(below)s が残ります。"
                        )
                        % values,
                    )

    def commit(self, by: Member | None, now: datetime) -> None:
        """Write departments, their versions and today's tree."""
        self._create_departments()
        self._write_versions()
        self._write_departments()
        rewrite_paths(self.municipality)

    def _create_departments(self) -> None:
        fresh = [
            Department(
                municipality=self.municipality,
                code=number,
                name=row["部署名"],
                kind=row["種別"],
                starts_on=row["開始日"],
            )
            for number, row in self.rows.items()
            if number not in self.stored
        ]
        self.stored |= {
            row.code: row for row in Department.objects.bulk_create(fresh, batch_size=500)
        }

    def _write_versions(self) -> None:
        fresh: list[DepartmentVersion] = []
        known: list[DepartmentVersion] = []
        for number, spans in self.spans.items():
            for span in (span for span in spans if span.touched):
                version = span.stored or DepartmentVersion(
                    municipality=self.municipality, department=self.stored[number]
                )
                version.name, version.kind, version.parent = (
                    span.name,
                    span.kind,
                    self.stored.get(span.parent),
                )
                version.starts_on, version.ends_on = span.starts_on, span.ends_on
                (known if span.stored else fresh).append(version)
        DepartmentVersion.objects.bulk_update(
            known, ["name", "kind", "parent", "starts_on", "ends_on"], batch_size=200
        )
        DepartmentVersion.objects.bulk_create(fresh, batch_size=500)

    def _write_departments(self) -> None:
        touched = [
            self.stored[number]
            for number, spans in self.spans.items()
            if number and any(span.touched for span in spans)
        ]
        for department in touched:
            span = _on(self.spans[department.code], self.today)
            department.name, department.kind, department.parent = (
                span.name,
                span.kind,
                self.stored.get(span.parent),
            )
            department.starts_on, department.ends_on = (
                self.starts[department.code],
                self.ends[department.code],
            )
            department.edition += 1
        fields = ["name", "kind", "parent", "starts_on", "ends_on", "edition"]
        Department.objects.bulk_update(touched, fields, batch_size=200)


def _on(spans: list[DepartmentSpan], day: date) -> DepartmentSpan:
    """Span in force on the day, else the first later one."""
    return next((span for span in reversed(spans) if span.starts_on <= day), spans[0])


def _circle(number: str, parents: dict[str, str]) -> str:
    """Reason why the departments above do not lead to the body; empty when they do."""
    way = [number]
    while above := parents.get(way[-1], ""):
        way.append(above)
        if above == number:
            return _("上位部署が循環しています(%(way)s)。") % {"way": " → ".join(way)}
        if len(way) > MOST_DEPTH:
            return _(
                "階層が深すぎるか、上位部署が循環しています。%(most)s階層以内にしてください。"
            ) % {"most": MOST_DEPTH}
    return ""


def _word(column: str, value: Any) -> Any:
    """Kind of a department in the word of the file; every other value unchanged."""
    return WORDS.get(value, value) if column == "種別" else value


def plan(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """Plan of the changes to the tree of departments."""
    return DepartmentsPlanner(municipality, today).look_at(rows, report)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Departments and their versions."""
    return [Department.objects.of(municipality), DepartmentVersion.objects.of(municipality)]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every department with its values of the day, or its first later ones. The body itself has no
    row.
    """
    named: dict[int, DepartmentVersion] = {}
    versions = DepartmentVersion.objects.of(municipality).select_related("parent")
    for version in versions.order_by("starts_on"):
        if version.department_id not in named or version.starts_on <= today:
            named[version.department_id] = version
    for row in Department.objects.of(municipality).exclude(code="").order_by("path"):
        version = named[row.pk]
        above = version.parent.code if version.parent else ""
        yield (
            row.code,
            version.name,
            above,
            WORDS.get(version.kind, ""),
            version.starts_on,
            row.ends_on,
        )


DEPARTMENTS = ImportKind(
    "departments",
    pgettext_lazy("ファイルの種類", "部署"),
    COLUMNS,
    plan,
    tables=tables,
    current=current,
    owner_fields={"municipality.departmentversion": "department"},
    help=gettext_lazy(
        "1行が1つの部署です。上位部署コードが空欄の部署は団体の直下になります。名称や上位部署の変更は、開始日から有効になります。"
    ),
)
