"""File that declares 実績なし (実績なしの申告): one line for each department and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.core.periods import Period
from municipality.core.spreadsheets.cell_readers import code, month
from municipality.imports.kinds import (
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
    reported,
)
from municipality.organisation.models import Department, Member, Municipality
from municipality.organisation.open_days import open_days
from pilots.days.models import NoTelework
from pilots.days.month_states import month_states, why_not_declare
from pilots.days.operations.submissions import declare_by_file

COLUMNS = (
    Column("部署コード", code(), example="0101"),
    Column("対象の月", month, example="2026-10"),
)


class DeclarationPlanner:
    """Plan of the declarations of a file."""

    def __init__(self, municipality: Municipality, rows: list[ImportRow], today: date) -> None:
        self.municipality = municipality
        self.rows, self.today, self.plan = rows, today, ImportPlan()
        self.departments = {row.code: row for row in Department.objects.of(municipality)}
        self.calendar = open_days(municipality)
        months = {row["対象の月"] for row in rows if row["対象の月"]}
        self.states = month_states(
            municipality, [Period.holding(Period.MONTH, first) for first in months]
        )
        self.known = set(
            NoTelework.objects.of(municipality).values_list("department__code", "month")
        )
        self.lines: dict[tuple[str, date], int] = {}
        self.fresh: list[tuple[Department, date]] = []

    def look(self, report: ReportProgress) -> ImportPlan:
        """Plan every row."""
        for row in reported(self.rows, report):
            if not row.bad and self._is_possible(row):
                self._take(row)
        self.plan.commit = self.commit
        return self.plan

    def _is_possible(self, row: ImportRow) -> bool:
        """Whether nothing speaks against the declaration; otherwise the plan says what."""
        key = number, first = row["部署コード"], row["対象の月"]
        column, message = "対象の月", ""
        if key in self.lines:
            values = {"line": self.lines[key]}
            column, message = "部署コード", _("同じ部署と月が行 %(line)s にもあります。") % values
        elif number not in self.departments:
            column, message = "部署コード", _("登録されていない部署コードです。")
        else:
            state = self.states[first].get(self.departments[number].pk)
            column = "部署コード" if state is None else "対象の月"
            period = Period.holding(Period.MONTH, first)
            message = why_not_declare(state, period, self.today, self.calendar)
        if message:
            self.plan.refuse(row, column, message)
        return not message

    def _take(self, row: ImportRow) -> None:
        key = number, first = row["部署コード"], row["対象の月"]
        self.lines[key] = row.line
        if key in self.known:
            self.plan.count("unchanged", row)
            return
        department = self.departments[number]
        self.plan.count("added", row, f"{department.name} {first:%Y-%m}")
        self.fresh.append((department, first))

    def commit(self, by: Member | None, now: datetime) -> None:
        """Declare each. Whether it may be declared was read with the plan."""
        declare_by_file(self.municipality, self.fresh, by=by, now=now)


def plan_declarations(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """What a file of declarations would change."""
    return DeclarationPlanner(municipality, rows, today).look(report)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """Departments and declarations of the body."""
    return [Department.objects.of(municipality), NoTelework.objects.of(municipality)]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """Every declaration, by month."""
    rows = NoTelework.objects.of(municipality).order_by("month", "department__path")
    for number, first in rows.values_list("department__code", "month").iterator():
        yield number, f"{first:%Y-%m}"


DECLARATIONS = ImportKind(
    "no_telework",
    gettext_lazy("実績なしの申告"),
    COLUMNS,
    plan_declarations,
    tables=tables,
    current=current,
    help=gettext_lazy(
        "だれもテレワークをしなかった部署と月。実施記録も申告もない月は「未提出」、申告した月は「実績なし」と数えます。"
    ),
)
