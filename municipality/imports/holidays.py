"""The Cabinet Office's file of national holidays (内閣府 syukujitsu.csv): the body's own table for
the years it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.core.date_words import month_day
from municipality.core.name_lists import all_names
from municipality.core.spreadsheets.cell_readers import day, words
from municipality.imports.kinds import (
    Column,
    ImportKind,
    ImportPlan,
    ImportRow,
    ReportProgress,
    no_report,
    reported,
)
from municipality.organisation.models import BodyHoliday, Member, Municipality
from municipality.organisation.open_days import library_holidays

DATE, NAME = "国民の祝日・休日月日", "国民の祝日・休日名称"

FIRST_YEAR = 2015
"""Earlier years are not kept: nothing here is due in them, and the file begins in 1955."""


def plan_holidays(
    rows: list[ImportRow],
    *,
    municipality: Municipality,
    today: date,
    report: ReportProgress = no_report,
) -> ImportPlan:
    """Each year in the file replaces the body's holidays of that year; other years stay as they
    are.
    """
    plan = ImportPlan()
    wanted = _read(rows, plan, report)
    years = {holiday.year for holiday in wanted}
    stored = {
        row.date: row for row in BodyHoliday.objects.of(municipality).filter(date__year__in=years)
    }
    _count(plan, wanted, stored)
    gone = [row for holiday, row in stored.items() if holiday not in wanted]
    plan.counts["ended"] += len(gone)
    if gone:
        listed = all_names(str(row.date) for row in gone[:20])
        plan.notes.append(_("ファイルにない祝日を取り除きます: %(days)s") % {"days": listed})

    def commit(by: Member | None, now: datetime) -> None:
        BodyHoliday.objects.filter(pk__in=[row.pk for row in gone]).delete()
        for holiday, row in wanted.items():
            if holiday in stored and stored[holiday].name != row[NAME]:
                BodyHoliday.objects.filter(pk=stored[holiday].pk).update(name=row[NAME])
        BodyHoliday.objects.bulk_create(
            BodyHoliday(municipality=municipality, date=holiday, name=row[NAME])
            for holiday, row in wanted.items()
            if holiday not in stored
        )

    plan.commit = commit
    return plan


def _count(
    plan: ImportPlan, wanted: dict[date, ImportRow], stored: dict[date, BodyHoliday]
) -> None:
    """What the file adds, changes and leaves."""
    for holiday, row in wanted.items():
        name, old = row[NAME], stored.get(holiday)
        if old is None:
            plan.count("added", row, f"{holiday} {name}")
        elif old.name != name:
            plan.count("changed", row, str(holiday), (NAME, old.name, name))
        else:
            plan.count("unchanged", row)


def _read(rows: list[ImportRow], plan: ImportPlan, report: ReportProgress) -> dict[date, ImportRow]:
    """The holidays of the years that are kept; a day twice and a year cut short refuse the file."""
    wanted: dict[date, ImportRow] = {}
    for row in reported(rows, report):
        if row[DATE] is None or row[DATE].year < FIRST_YEAR:
            continue
        if row[DATE] in wanted:
            plan.refuse(row, DATE, _("この日付は、ファイルの中に2回あります。"))
        wanted[row[DATE]] = row
    _refuse_short_years(wanted, plan)
    if earlier := sum(row[DATE] is not None and row[DATE].year < FIRST_YEAR for row in rows):
        plan.notes.append(
            _("%(year)s年より前の%(count)s行は使わないため、取り込みません。")
            % {"year": FIRST_YEAR, "count": earlier}
        )
    if rows and not wanted:
        plan.refuse(rows[0], DATE, _("%(year)s年以降の祝日がありません。") % {"year": FIRST_YEAR})
    return wanted


def _refuse_short_years(wanted: dict[date, ImportRow], plan: ImportPlan) -> None:
    """Refuse years with fewer holidays than the law gives them: a file cut short would open closed
    days. A holiday that a law moved keeps the number.
    """
    for year in sorted({holiday.year for holiday in wanted}):
        listed = {holiday for holiday in wanted if holiday.year == year}
        fixed = library_holidays(year)
        if len(listed) < len(fixed):
            missing = all_names(month_day(day) for day in sorted(fixed - listed))
            words = _(
                "%(year)s年の祝日が%(count)s日しかありません。法律では%(fixed)s日です(ない日: %(missing)s)。"
                "1年分がそろったファイルにしてください。"
            ) % {"year": year, "count": len(listed), "fixed": len(fixed), "missing": missing}
            plan.refuse(wanted[min(listed)], DATE, words)


def tables(municipality: Municipality, rows: list[ImportRow]) -> list[QuerySet]:
    """The body's own holidays."""
    return [BodyHoliday.objects.of(municipality)]


def current(municipality: Municipality, today: date) -> Iterator[tuple[Any, ...]]:
    """The holidays that the body took in, as the file has them."""
    yield from BodyHoliday.objects.of(municipality).order_by("date").values_list("date", "name")


HOLIDAYS = ImportKind(
    kind="holidays",
    label=gettext_lazy("国民の祝日(内閣府のファイル)"),
    columns=(Column(DATE, day, example="2026/1/1"), Column(NAME, words(60), example="元日")),
    plan=plan_holidays,
    tables=tables,
    current=current,
    help=gettext_lazy(
        "内閣府の syukujitsu.csv をそのまま選んでください。ファイルにある年の祝日を、この団体の中だけで置き換えます。"
    ),
)
