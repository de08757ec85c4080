"""職務: giving a duty, ending it, handing it to somebody else from a day on. What was is kept."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.periods import ONE_DAY
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Department, Duty, Member
from municipality.organisation.rules import is_office


@operation
def assign_duty(
    member: Member,
    kind: str,
    *,
    department: Department,
    starts_on: date,
    ends_on: date | None = None,
    by: Member,
    now: datetime,
) -> Duty:
    """Give somebody a duty from a day on. Raises Conflict when they carry it already in that
    time.
    """
    require(is_office(by))
    same = Duty.objects.of(by.municipality_id).filter(
        member=member, kind=kind, department=department
    )
    if same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        raise Conflict(_("この人は、この期間に同じ職務に就いています。"))
    duty = Duty.objects.create(
        municipality_id=by.municipality_id,
        member=member,
        kind=kind,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(by, "duty.given", member, kind=kind, department=str(department), starts_on=starts_on)
    return duty


@operation
def end_duty(
    duty: Duty, *, on: date, to: Member | None = None, edition: int, by: Member, now: datetime
) -> Duty | None:
    """End the duty on that day, for nobody or for somebody else from that day on. The new row,
    if there is one.

    Raises Conflict when somebody was first, or when the day is not behind the duty's first day.
    """
    require(is_office(by))
    if on <= duty.starts_on:
        raise Conflict(_("開始日より後の日付にしてください。"))
    change(duty, edition=edition, ends_on=on - ONE_DAY)
    record(
        by,
        "duty.ended",
        duty.member,
        kind=duty.kind,
        department=str(duty.department),
        ends_on=duty.ends_on,
    )
    if to is None:
        return None
    return assign_duty(to, duty.kind, department=duty.department, starts_on=on, by=by, now=now)
