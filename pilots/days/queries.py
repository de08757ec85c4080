"""Which departments have begun to telework, and what is known of each of their months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat, Length, Substr, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.core.batches import parts
from municipality.core.name_lists import some_names
from municipality.core.periods import Period
from municipality.organisation.models import Department, Member, Municipality, Posting
from municipality.organisation.rules import is_office
from pilots.days.models import (
    DAY_MINUTES,
    DepartmentMonthQuerySet,
    NoTelework,
    Submission,
    Usage,
    UsageMonth,
    clerk_of,
)
from pilots.days.rules import departments_of
from pilots.planning.models import PilotDepartment, PilotKind

YEAR = timedelta(days=366)


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
        "pilot__starts_on",
        "pilot__started_at",
    )
    for path, pk, name, until, starts_on, started_at in values:
        first = max(starts_on, timezone.localdate(started_at))
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


def month_states(
    municipality: Municipality | str,
    months: Collection[Period],
    begun: list[BegunDepartment] | None = None,
) -> dict[date, dict[int, Submission]]:
    """What is known of every begun department in each month, by the month's first day and the
    department. Records win over a declaration. Two queries, one when `begun` is given.
    """
    if not months:
        return {}
    first, last = min(month.first for month in months), max(month.last for month in months)
    rows = begun_departments(municipality, last) if begun is None else begun
    used, declared = handed_in(municipality, first, last)
    return {
        month.first: {
            row.pk: _state(row, used[month.first], declared[month.first])
            for row in rows
            if row.has_begun(month)
        }
        for month in months
    }


def missing_departments(
    departments: Sequence[Department], months: Collection[Period]
) -> dict[date, tuple[int, ...]]:
    """By the first day of each month, the begun departments that answer for these departments and
    have handed in nothing. Two queries, none without a month.
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


def handed_in(
    municipality: Municipality | str, first: date, last: date
) -> tuple[dict[date, set[str]], dict[date, set[str]]]:
    """By the first day of the month the paths of the departments with a record, and of those that
    declared 実績なし. One query.
    """
    records = Usage.objects.of(municipality).between(first, last).order_by()
    declarations = NoTelework.objects.of(municipality).filter(month__range=(first, last))
    rows = records.annotate(begins=TruncMonth("day"), none=Value(False)).values_list(
        "begins", "department__path", "none"
    )
    more = declarations.order_by().annotate(begins=F("month"), none=Value(True))
    used: dict[date, set[str]] = defaultdict(set)
    declared: dict[date, set[str]] = defaultdict(set)
    for month, path, none in rows.union(more.values_list("begins", "department__path", "none")):
        (declared if none else used)[month].add(path)
    return used, declared


def _state(row: BegunDepartment, used: set[str], declared: set[str]) -> Submission:
    if any(path.startswith(row.path) for path in used):
        return Submission.RECORDED
    return Submission.NONE if row.path in declared else Submission.MISSING


def _after(path: OuterRef) -> Concat:
    """The first string behind every path below: `after` of the departments, in the database."""
    return Concat(Substr(path, 1, Length(path) - 1), Value("0"), output_field=CharField())


def missing_months(municipality: Municipality | str) -> DepartmentMonthQuerySet:
    """Opened months of the body without a record and without a declaration."""
    return still_missing(UsageMonth.objects.of(municipality))


def still_missing(rows: DepartmentMonthQuerySet) -> DepartmentMonthQuerySet:
    """Of these opened months those without a record and without a declaration."""
    recorded = Usage.objects.annotate(month_of=TruncMonth("day")).filter(
        municipality=OuterRef("municipality"),
        month_of=OuterRef("month"),
        department__path__gte=OuterRef("department__path"),
        department__path__lt=_after(OuterRef("department__path")),
    )
    declared = NoTelework.objects.filter(department=OuterRef("department"), month=OuterRef("month"))
    return rows.filter(~Exists(recorded), ~Exists(declared))


@dataclass(frozen=True)
class MonthToHandIn:
    """A missing month of a department as one reader meets it: its page, and what they may do
    there.
    """

    department: int
    name: str
    month: date
    address: str
    declares: bool
    reminds: bool

    @property
    def action(self) -> str:
        """The words of the link; empty for who may do nothing about it."""
        if self.declares:
            return _("実績なしと申告")
        return _("提出を督促") if self.reminds else ""


def months_to_hand_in(
    member: Member, first: date, last: date, path: str = ""
) -> list[MonthToHandIn]:
    """Missing months between the days, of the department at the path and those below it, about
    which the reader may do something: declare 実績なし, or remind. One query.
    """
    clerk = clerk_of(member).filter(department=OuterRef("department"))
    rows = (
        still_missing(UsageMonth.objects.visible_to(member))
        .filter(month__range=(first, last))
        .annotate(is_clerk=Exists(clerk))
        .select_related("department")
        .order_by("month", "department__path")
    )
    months = [
        MonthToHandIn(
            row.department_id,
            row.department.name,
            row.month,
            row.get_absolute_url(),
            declares=row.is_clerk or member.authority.has("manager", row.department.path),
            reminds=bool(is_office(member)),
        )
        for row in rows
        if row.department.path.startswith(path)
    ]
    return [row for row in months if row.action]


def people_recorded_by(member: Member, today: date) -> QuerySet[Member]:
    """People who belong, or belonged within the last year, to a department whose records the member
    hands in.
    """
    held = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today - YEAR),
        department__in=departments_of(member),
        kind=Posting.Kind.MAIN,
        starts_on__lte=today,
    )
    return Member.objects.filter(pk__in=held.values("member")).order_by("kana", "number")


MOST_NAMED = 5
"""Days that a refusal names."""


def minutes_of_days(
    municipality: Municipality | str, days: Collection[tuple[int, date]]
) -> dict[tuple[int, date], int]:
    """How long these people's days are that hold more than a working day."""
    return {(row["member"], row["day"]): row["minutes"] for row in _long_days(municipality, days)}


def _long_days(
    municipality: Municipality | str, days: Collection[tuple[int, date]]
) -> list[dict[str, Any]]:
    """One query for some thousands of people."""
    if not days:
        return []
    first, last = min(on for _who, on in days), max(on for _who, on in days)
    long: list[Any] = []
    for part in parts(sorted({member for member, _on in days})):
        rows = Usage.objects.of(municipality).between(first, last).filter(member__in=part)
        sums = rows.order_by().values("member", "member__number", "member__name", "day")
        sums = sums.annotate(minutes=Sum("minutes")).filter(minutes__gt=DAY_MINUTES)
        long += [row for row in sums if (row["member"], row["day"]) in days]
    return long


def too_long_days(
    municipality: Municipality | str,
    days: Collection[tuple[int, date]],
    before: Mapping[tuple[int, date], int],
) -> str:
    """Which of these people's days became longer than a working day, in words; empty when none did.
    `before` tells how long those were that were too long already.
    """
    long = [
        row
        for row in _long_days(municipality, days)
        if row["minutes"] > before.get((row["member"], row["day"]), 0)
    ]
    if not long:
        return ""
    words = _("%(number)s %(name)s %(day)s(合計%(minutes)s分)")
    named = [
        words
        % {
            "number": row["member__number"],
            "name": row["member__name"],
            "day": row["day"].isoformat(),
            "minutes": row["minutes"],
        }
        for row in sorted(long, key=lambda row: (row["day"], row["member__number"]))
    ]
    listed = some_names(named, MOST_NAMED, counted="days")
    return _("1日の合計が465分を超える日ができます: %(days)s。") % {"days": listed}
