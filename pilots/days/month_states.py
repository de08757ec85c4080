"""The state of a department's month: 実績あり (a record in the department or below), 実績なし (declared
for the department itself) or 未提出. Records win over a declaration.

`state_of` decides it for months that were read, `still_missing` in the database for months that
were opened; a test compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from municipality.core.periods import ONE_DAY, Period
from municipality.organisation.models import Department, Municipality, path_after
from municipality.organisation.open_days import OpenDays
from pilots.days.models import (
    DepartmentMonthQuerySet,
    NoTelework,
    Submission,
    Usage,
    UsageMonth,
)
from pilots.planning.models import PilotDepartment, PilotKind, first_day_of


@dataclass(frozen=True, order=True)
class BegunDepartment:
    """A department of a pilot that has started: what it stands for lies at its path and below."""

    path: str
    pk: int
    name: str
    since: date
    until: date | None

    def has_begun(self, month: Period) -> bool:
        """Does it hand in for this month? Once begun, it stays until it is abolished."""
        return self.since <= month.last and (self.until is None or self.until >= month.first)


def begun_departments(municipality: Municipality | str, last: date) -> list[BegunDepartment]:
    """Departments whose first pilot started by the day, in the order of the tree. One query.

    Managers who go ahead (管理職の先行実施) are no beginning of their departments: these hand in
    nothing before a pilot of their own, and their staff are no 対象職員 yet.
    """
    rows = (
        PilotDepartment.objects.of(municipality)
        .filter(pilot__started_at__isnull=False, pilot__starts_on__lte=last)
        .exclude(pilot__kind=PilotKind.MANAGERS)
    )
    since: dict[tuple[str, int, str, date | None], date] = {}
    values = rows.order_by().values_list(
        "department__path",
        "department",
        "department__name",
        "department__ends_on",
        first_day_of("pilot__"),
    )
    for path, pk, name, until, first in values:
        key = (path, pk, name, until)
        since[key] = min(first, since.get(key, first))
    return sorted(
        BegunDepartment(path, pk, name, first, until)
        for (path, pk, name, until), first in since.items()
        if first <= last
    )


def place_of(path: str, begun: Iterable[BegunDepartment]) -> BegunDepartment | None:
    """The begun department that answers for the path: the nearest one at or above it."""
    above = [row for row in begun if path.startswith(row.path)]
    return max(above, key=lambda row: len(row.path), default=None)


def state_of(row: BegunDepartment, used: set[str], declared: set[str]) -> Submission:
    """State of one month: `used` are the paths of the departments with a record in it, `declared`
    of those that declared 実績なし.
    """
    if any(path.startswith(row.path) for path in used):
        return Submission.RECORDED
    return Submission.NONE if row.path in declared else Submission.MISSING


def missing_months(municipality: Municipality | str) -> DepartmentMonthQuerySet:
    """Opened months of the body without a record and without a declaration."""
    return still_missing(UsageMonth.objects.of(municipality))


def still_missing(rows: DepartmentMonthQuerySet) -> DepartmentMonthQuerySet:
    """Of these opened months those without a record and without a declaration."""
    declared = NoTelework.objects.filter(department=OuterRef("department"), month=OuterRef("month"))
    return rows.filter(~has_records(), ~Exists(declared))


def has_records() -> Exists:
    """Of a row of a department and month: is there a record in the department or below?"""
    return Exists(
        Usage.objects.annotate(month_of=TruncMonth("day")).filter(
            municipality=OuterRef("municipality"),
            month_of=OuterRef("month"),
            department__path__gte=OuterRef("department__path"),
            department__path__lt=path_after(OuterRef("department__path")),
        )
    )


def month_states(
    municipality: Municipality | str,
    months: Collection[Period],
    begun: list[BegunDepartment] | None = None,
) -> dict[date, dict[int, Submission]]:
    """What is known of every begun department in each month, by the month's first day and the
    department. Three queries, two when `begun` is given.
    """
    if not months:
        return {}
    first, last = min(month.first for month in months), max(month.last for month in months)
    rows = begun_departments(municipality, last) if begun is None else begun
    used, declared = _recorded(municipality, first, last), _declared(municipality, first, last)
    return {
        month.first: {
            row.pk: state_of(row, used[month.first], declared[month.first])
            for row in rows
            if row.has_begun(month)
        }
        for month in months
    }


def missing_departments(
    departments: Sequence[Department], months: Collection[Period]
) -> dict[date, tuple[int, ...]]:
    """By the first day of each month, the begun departments that answer for these departments and
    have handed in nothing. Three queries, none without a month.
    """
    if not departments or not months:
        return {}
    body, paths = departments[0].municipality_id, [row.path for row in departments]
    begun = begun_departments(body, max(month.last for month in months))
    states = month_states(body, months, begun)
    return {month.first: _missing_of(paths, begun, month, states[month.first]) for month in months}


def _missing_of(
    paths: list[str], begun: list[BegunDepartment], month: Period, states: dict[int, Submission]
) -> tuple[int, ...]:
    live = [row for row in begun if row.has_begun(month)]
    missing = [row for row in live if states[row.pk] == Submission.MISSING]
    asked = (path for path in paths if any(path.startswith(row.path) for row in missing))
    answering = {place.pk for path in asked if (place := place_of(path, live))}
    return tuple(row.pk for row in missing if row.pk in answering)


def _recorded(municipality: Municipality | str, first: date, last: date) -> dict[date, set[str]]:
    """By the first day of the month the paths of the departments with a record. One query."""
    rows = Usage.objects.of(municipality).between(first, last).order_by()
    months = rows.annotate(begins=TruncMonth("day")).values_list("begins", "department__path")
    return _by_month(months.distinct())


def _declared(municipality: Municipality | str, first: date, last: date) -> dict[date, set[str]]:
    """By the first day of the month the paths of the departments that declared. One query."""
    rows = NoTelework.objects.of(municipality).filter(month__range=(first, last)).order_by()
    return _by_month(rows.values_list("month", "department__path"))


def _by_month(rows: Iterable[tuple[date, str]]) -> dict[date, set[str]]:
    paths: dict[date, set[str]] = defaultdict(set)
    for month, path in rows:
        paths[month].add(path)
    return paths


def last_open_day(month: Period, calendar: OpenDays) -> date:
    """The last day of the month on which the town hall is open."""
    return calendar.add(month.last + ONE_DAY, -1)


def why_not_declare(
    state: Submission | None, month: Period, today: date, calendar: OpenDays
) -> str:
    """Why 実績なし cannot be declared for a department whose month stands at `state` (None: it has
    not begun); empty when it can.
    """
    if state is None:
        return _("この月に試行を始めていない部署です。")
    if today < last_open_day(month, calendar):
        return _("実績なしは、その月の最後の開庁日から申告できます。")
    if state == Submission.RECORDED:
        return _("この月の実施記録があります。実績なしは申告できません。")
    return ""
