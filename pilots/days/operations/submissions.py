"""Opening the months to hand in usage records, declaring 実績なし, reminding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import each_guarded
from municipality.core.periods import Period
from municipality.core.refusals import Conflict, require
from municipality.imports.operations.imports import CHANGED_SINCE
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Department, Duty, Member, Municipality
from municipality.organisation.open_days import open_days
from pilots.days.models import (
    NoTelework,
    Submission,
    UsageMonth,
)
from pilots.days.month_states import (
    BegunDepartment,
    begun_departments,
    last_open_day,
    missing_months,
    month_states,
    why_not_declare,
)
from pilots.days.rules import may_declare, may_remind_month

DUE_OPEN_DAY = 5
"""By which open day after the month a department hands in, as its monthly review is due."""

LOOK_BACK = timedelta(days=62)
"""So long after a month's end is it still opened for a department."""


@operation
def declare_no_telework(
    department: Department, month: date, *, by: Member | None, now: datetime
) -> NoTelework:
    """Declare that nobody of the department teleworked in the month that begins on `month`. `by`
    None is the command line.

    Raises Conflict before the month's last open day, where records exist, where it was declared
    already, and for a department that has not begun.
    """
    if by is not None:
        require(may_declare(by, department))
    body, period = department.municipality, Period.holding(Period.MONTH, month)
    state = month_states(body, [period])[period.first].get(department.pk)
    if reason := why_not_declare(state, period, timezone.localdate(now), open_days(body)):
        raise Conflict(reason)
    row, created = NoTelework.objects.get_or_create(
        municipality=body,
        department=department,
        month=period.first,
        defaults={"declared_by": by, "declared_at": now},
    )
    if not created:
        raise Conflict(_("この月は、すでに実績なしと申告されています。"))
    record(by, "usage.none_declared", department, municipality=body, month=period.first)
    return row


@operation
def declare_by_file(
    municipality: Municipality,
    declared: Sequence[tuple[Department, date]],
    *,
    by: Member | None,
    now: datetime,
) -> None:
    """Declare 実績なし for departments and months that the plan of a file found possible. `by` None is
    the command line. Raises Conflict when one became impossible meanwhile. As many queries for one
    as for many, and those of the log.
    """
    months = [Period.holding(Period.MONTH, first) for first in {month for _, month in declared}]
    states = month_states(municipality, months)
    if any(states[month].get(row.pk) != Submission.MISSING for row, month in declared):
        raise Conflict(str(CHANGED_SINCE))
    NoTelework.objects.bulk_create(
        NoTelework(
            municipality=municipality,
            department=department,
            month=month,
            declared_by=by,
            declared_at=now,
        )
        for department, month in declared
    )
    for department, month in declared:
        record(by, "usage.none_declared", department, municipality=municipality, month=month)


@operation
def withdraw_declaration(row: NoTelework, *, by: Member, now: datetime) -> None:
    """Take 実績なし back: the month is 未提出 again, unless records came. Raises Conflict when it
    was taken back already.
    """
    require(may_declare(by, row.department))
    if not NoTelework.objects.filter(pk=row.pk).delete()[0]:
        raise Conflict(_("この申告は、すでに取り消されています。"))
    record(by, "usage.none_withdrawn", row.department, month=row.month)


@operation
def remind_to_hand_in(row: UsageMonth, *, by: Member, now: datetime) -> int:
    """Remind managers and 庶務担当 of the department of a missing month; how many. Raises Conflict
    when it came in, when nobody is there, and when they were reminded on this day already.
    """
    require(may_remind_month(by, row))
    today = timezone.localdate(now)
    if not missing_months(row.municipality_id).filter(pk=row.pk).exists():
        raise Conflict(_("この月の実施記録は、すでに提出されています。"))
    people = _who_hand_in(row, today)
    if not people:
        raise Conflict(_("督促する所属長も庶務担当もいません。部署の発令を確認してください。"))
    stage, name = today.isoformat(), row.department.name
    notices = [
        notify(person, "usage.asked", row, stage=stage, due_on=row.due_on, now=now, department=name)
        for person in people
    ]
    count = len(notices) - notices.count(None)
    if not count:
        raise Conflict(_("今日は、すでに督促しています。"))
    record(by, "usage.reminded", row, month=row.month, count=count)
    return count


def _who_hand_in(row: UsageMonth, today: date) -> list[Member]:
    """The nearest managers and the 庶務担当 of the department, each once."""
    clerks = Duty.objects.clerks(today).filter(department=row.department_id)
    people = [
        *nearest_holders("manager", row.department.path, today),
        *(duty.member for duty in clerks.select_related("member__municipality")),
    ]
    return list({person.pk: person for person in people}.values())


def open_usage_months(municipality: Municipality, now: datetime) -> int:
    """Daily job: open every ended month of each begun department; how many. Safe to repeat.

    A month opens on its last open day and is due on the fifth open day after it. The first
    month of a body is one that can still be handed in in time: nobody is told of months that ended
    before this was asked for.
    """
    today = timezone.localdate(now)
    begun = begun_departments(municipality, today)
    if not begun.rows:
        return 0
    calendar, known = open_days(municipality), _opened(municipality, today)
    oldest = UsageMonth.objects.of(municipality).aggregate(month=Min("month"))["month"]
    months = [
        (month, calendar.nth_after(month.last, DUE_OPEN_DAY))
        for month in _recent_months(today)
        if today >= last_open_day(month, calendar)
    ]
    rows = {
        f"{row.pk} {month.first:%Y-%m}": (row, month, due_on)
        for month, due_on in months
        if (month.first >= oldest if oldest else today <= due_on)
        for row in begun.in_month(month)
        if (row.pk, month.first) not in known
    }

    def open_one(row: tuple[BegunDepartment, Period, date]) -> int:
        return _open_month(municipality, *row, now)

    return each_guarded(municipality, "pilots.open_usage_months ", rows, open_one, now=now).done


def _opened(municipality: Municipality, today: date) -> set[tuple[int, date]]:
    rows = UsageMonth.objects.of(municipality).filter(month__gte=(today - LOOK_BACK).replace(day=1))
    return set(rows.order_by().values_list("department", "month"))


def _recent_months(today: date) -> list[Period]:
    """The present month and those that ended within the days looked back, oldest first."""
    months = [Period.holding(Period.MONTH, today)]
    while months[0].previous.last >= today - LOOK_BACK:
        months.insert(0, months[0].previous)
    return months


@operation
def _open_month(
    municipality: Municipality, row: BegunDepartment, month: Period, due_on: date, now: datetime
) -> int:
    """Open one month: 1, or 0 when another process was first."""
    opened, created = UsageMonth.objects.get_or_create(
        municipality=municipality,
        department_id=row.pk,
        month=month.first,
        defaults={"due_on": due_on, "opened_at": now},
    )
    if created:
        record(None, "usage.month_opened", opened, municipality=municipality, due_on=due_on)
    return int(created)
