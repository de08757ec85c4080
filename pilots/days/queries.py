"""Which departments have begun to telework, and what is known of each of their months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value
from django.db.models.functions import TruncMonth
from django.utils import timezone

from municipality.core.periods import Period
from municipality.organisation.models import Municipality
from pilots.days.models import NoTelework, Submission, Usage
from pilots.planning.models import PilotDepartment, PilotKind


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


def months_of(period: Period) -> list[Period]:
    """The months of a period, the month itself when it is one."""
    parts = period.parts
    return [month for part in parts for month in months_of(part)] if parts else [period]


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
