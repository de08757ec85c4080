"""Months and people that a reader hands records in for, and days longer than a working day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from municipality.core.batches import parts
from municipality.core.date_words import era_day
from municipality.core.name_lists import some_names
from municipality.core.periods import Period
from municipality.notifications.models import Notice
from municipality.organisation.models import Department, Member, Municipality, Posting
from municipality.organisation.queries import at_work_on_the_day, staff_on_the_day
from municipality.organisation.rules import is_office
from pilots.days.models import DAY_MINUTES, NoTelework, Usage, UsageMonth
from pilots.days.month_states import has_records, still_missing
from pilots.days.rules import departments_of
from pilots.planning.models import Pilot

YEAR = timedelta(days=366)


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
            return _("提出または実績なしの申告")
        return _("提出を督促") if self.reminds else ""


def months_to_hand_in(
    member: Member, first: date, last: date, path: str = ""
) -> list[MonthToHandIn]:
    """Missing months between the days, of the department at the path and those below it, about
    which the reader may do something: declare 実績なし, or remind. One query.
    """
    clerk = member.authority.clerk_duties().filter(department=OuterRef("department"))
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


def last_reminded(row: UsageMonth) -> datetime | None:
    """When the department was last reminded of this month by hand. One query."""
    notices = Notice.objects.of(row.municipality_id).filter(rule="usage.asked", object_id=row.pk)
    return notices.aggregate(at=Max("told_at"))["at"]


def declared_months(member: Member, first: date, last: date) -> list[Any]:
    """Declarations of 実績なし in sight for months that begin between the days, the latest first.
    Each with `opened`, the number of the page of its month (None without one), `is_overtaken` by
    records, and `may_withdraw`. One query.
    """
    here = {"department": OuterRef("department")}
    months = UsageMonth.objects.visible_to(member)
    opened = months.filter(**here, month=OuterRef("month")).values("pk")
    rows = (
        NoTelework.objects.visible_to(member)
        .filter(month__range=(first, last))
        .annotate(
            opened=Subquery(opened[:1]),
            is_overtaken=has_records(),
            is_clerk=Exists(member.authority.clerk_duties().filter(**here)),
        )
        .select_related("department", "declared_by")
        .order_by("-month", "department__path")
    )
    declared: list[Any] = list(rows)
    for row in declared:
        row.may_withdraw = row.is_clerk or member.authority.has("manager", row.department.path)
    return declared


def uncounted(rows: QuerySet[Usage]) -> tuple[int, int]:
    """How many of these records no indicator counts, since their person was not at work on the day,
    and how many count for no staff, since their person is none. One query.
    """
    at_work, staff = Exists(at_work_on_the_day("day")), Exists(staff_on_the_day("day"))
    counts = rows.order_by().aggregate(
        away=Count("pk", filter=~at_work), outside=Count("pk", filter=at_work & ~staff)
    )
    return counts["away"], counts["outside"]


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


def method_of_pilots(member: Member, department: Department, month: Period) -> str:
    """The 方式 of the pilots in sight that ran in the department in the month; empty where there is
    none, or more than one. One query.
    """
    pilots = Pilot.objects.visible_to(member).running_in(month.first, month.last)
    methods = set(pilots.filter(departments=department).values_list("method", flat=True))
    return methods.pop() if len(methods) == 1 else ""


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
            "day": era_day(row["day"]),
            "minutes": row["minutes"],
        }
        for row in sorted(long, key=lambda row: (row["day"], row["member__number"]))
    ]
    listed = some_names(named, MOST_NAMED, counted="days")
    return _("1日の合計が465分を超える日ができます: %(days)s。") % {"days": listed}
