"""The state of a department's month: 実績あり (a record in the department or below), 実績なし (declared
for the department itself) or 未提出. Records win over a declaration.

`state_of` decides it for months that were read, `still_missing` in the database for months that
were opened; a test compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from municipality.core.periods import ONE_DAY, Period
from municipality.organisation.dated_tree import DatedTree
from municipality.organisation.models import (
    Department,
    DepartmentVersion,
    Municipality,
    path_after,
)
from municipality.organisation.open_days import OpenDays
from pilots.days.models import (
    DepartmentMonthQuerySet,
    NoTelework,
    Submission,
    Usage,
    UsageMonth,
)
from pilots.planning.models import PilotDepartment, PilotKind, first_day_of


@dataclass(frozen=True)
class BegunDepartment:
    """A department of a pilot that has started, or its successor: what it stands for lies in it and
    below.
    """

    pk: int
    name: str
    since: date
    until: date | None

    def has_begun(self, month: Period) -> bool:
        """Does it hand in for this month? Once begun, it stays until it is abolished."""
        return self.since <= month.last and (self.until is None or self.until >= month.first)


@dataclass(frozen=True)
class BegunDepartments:
    """The begun departments of a body in the order of the tree, and where they lay in each month:
    as on its first day, so that a later change of the organisation moves no month before it.
    """

    rows: list[BegunDepartment]
    tree: DatedTree

    def in_month(self, month: Period) -> list[BegunDepartment]:
        """Those that hand in for the month."""
        return [row for row in self.rows if row.has_begun(month)]

    def places(self, departments: Iterable[int], month: Period) -> dict[int, int]:
        """By department the begun one that answers for it in the month: the nearest one, itself or
        above. Where there is none the department is left out.
        """
        live = {row.pk for row in self.in_month(month)}
        lines = {number: self.tree.line(number, month.first) for number in departments}
        answering = {
            number: next((above for above in line if above in live), None)
            for number, line in lines.items()
        }
        return {number: place for number, place in answering.items() if place is not None}

    def above(self, departments: Iterable[int], month: Period) -> set[int]:
        """These departments and all above them in the month."""
        return {above for number in departments for above in self.tree.line(number, month.first)}


def begun_departments(municipality: Municipality | str, last: date) -> BegunDepartments:
    """Departments whose first pilot started by the day, and the successors of those that ended. One
    query.

    Managers who go ahead (管理職の先行実施) are no beginning of their departments: these hand in
    nothing before a pilot of their own, and their staff are no 対象職員 yet.
    """
    pilots = (
        PilotDepartment.objects.of(municipality)
        .filter(
            department=OuterRef("department"),
            pilot__started_at__isnull=False,
            pilot__starts_on__lte=last,
        )
        .exclude(pilot__kind=PilotKind.MANAGERS)
        .annotate(first=first_day_of("pilot__"))
        .order_by("first")
    )
    versions = DepartmentVersion.objects.of(municipality).select_related("department")
    rows = list(versions.annotate(since=Subquery(pilots.values("first")[:1])))
    tree = DatedTree(rows)
    since = {row.department_id: row.since for row in rows if row.since}
    begun = sorted(
        tree.beginnings(since, last).items(), key=lambda row: tree.departments[row[0]].path
    )
    return BegunDepartments([_begun(tree.departments[pk], first) for pk, first in begun], tree)


def _begun(department: Department, since: date) -> BegunDepartment:
    return BegunDepartment(department.pk, department.name, since, department.ends_on)


def state_of(row: BegunDepartment, used: set[int], declared: set[int]) -> Submission:
    """State of one month: `used` are the departments with a record in it and all above them,
    `declared` those that declared 実績なし.
    """
    if row.pk in used:
        return Submission.RECORDED
    return Submission.NONE if row.pk in declared else Submission.MISSING


def missing_months(municipality: Municipality | str) -> DepartmentMonthQuerySet:
    """Opened months of the body without a record and without a declaration."""
    return still_missing(UsageMonth.objects.of(municipality))


def still_missing(rows: DepartmentMonthQuerySet) -> DepartmentMonthQuerySet:
    """Of these opened months those without a record and without a declaration."""
    declared = NoTelework.objects.filter(department=OuterRef("department"), month=OuterRef("month"))
    return rows.filter(~has_records(), ~Exists(declared))


def has_records() -> Q:
    """Of a row of a department and month: is there a record in the department or below, as the
    organisation was on the first day of the month?

    The present paths tell it, but for what moved since: out of the department, or into it.
    """
    path, month = OuterRef("department__path"), OuterRef("month")
    usages = Usage.objects.annotate(month_of=TruncMonth("day"))
    came = _moved_since(OuterRef("month_of"), OuterRef("municipality")).filter(
        ~Q(department=OuterRef(OuterRef("department"))),
        _is_below("department__path", OuterRef(path)),
        ~_is_below("parent__path", OuterRef(path)),
        GreaterThan(path_after(F("department__path")), path),
        department__path__lte=path,
    )
    here = usages.filter(
        ~Exists(came),
        _is_below("department__path", path),
        municipality=OuterRef("municipality"),
        month_of=month,
    )
    there = usages.filter(
        _is_below("department__path", path),
        municipality=OuterRef("municipality"),
        month_of=OuterRef(month),
    )
    left = _moved_since(month, OuterRef("municipality")).filter(
        ~_is_below("department__path", path), _is_below("parent__path", path), Exists(there)
    )
    return Exists(here) | Exists(left)


def _is_below(column: str, path: OuterRef) -> Q:
    """Is the path in this column that of the department with `path`, or below it?"""
    return Q(**{f"{column}__gte": path, f"{column}__lt": path_after(path)})


def _moved_since(day: OuterRef, municipality: OuterRef) -> QuerySet[DepartmentVersion]:
    """Versions of the day of departments that have another parent today."""
    versions = DepartmentVersion.objects.filter(
        municipality=municipality, starts_on__lte=day, ends_on__gte=day
    )
    return versions.exclude(parent=F("department__parent"))


def month_states(
    municipality: Municipality | str,
    months: Collection[Period],
    begun: BegunDepartments | None = None,
) -> dict[date, dict[int, Submission]]:
    """What is known of every begun department in each month, by the month's first day and the
    department. Three queries, two when `begun` is given.
    """
    if not months:
        return {}
    first, last = min(month.first for month in months), max(month.last for month in months)
    known = begun_departments(municipality, last) if begun is None else begun
    used, declared = _recorded(municipality, first, last), _declared(municipality, first, last)
    states = {}
    for month in months:
        recorded = known.above(used[month.first], month)
        states[month.first] = {
            row.pk: state_of(row, recorded, declared[month.first]) for row in known.in_month(month)
        }
    return states


def _recorded(municipality: Municipality | str, first: date, last: date) -> dict[date, set[int]]:
    """By the first day of the month the departments with a record. One query."""
    rows = Usage.objects.of(municipality).between(first, last).order_by()
    months = rows.annotate(begins=TruncMonth("day")).values_list("begins", "department")
    return _by_month(months.distinct())


def _declared(municipality: Municipality | str, first: date, last: date) -> dict[date, set[int]]:
    """By the first day of the month the departments that declared. One query."""
    rows = NoTelework.objects.of(municipality).filter(month__range=(first, last)).order_by()
    return _by_month(rows.values_list("month", "department"))


def _by_month(rows: Iterable[tuple[date, int]]) -> dict[date, set[int]]:
    departments: dict[date, set[int]] = defaultdict(set)
    for month, number in rows:
        departments[month].add(number)
    return departments


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
