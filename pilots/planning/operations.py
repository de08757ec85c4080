"""Planning a pilot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Department, Member
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.operations.departments import hold_departments
from pilots.planning.checks import busy_departments, busy_words, held_twice_words, why_not_days
from pilots.planning.models import (
    ALONE_IN_ITS_DEPARTMENTS,
    Method,
    Pilot,
    PilotDepartment,
    PilotKind,
)
from pilots.planning.rules import may_plan, may_plan_for, may_run


@operation
def plan_pilot(
    *,
    name: str,
    departments: Iterable[Department],
    starts_on: date,
    ends_on: date,
    purpose: str,
    by: Member,
    now: datetime,
    lead: Member | None = None,
    kind: str = PilotKind.DEPARTMENT,
    method: str = Method.REMOTE_DESKTOP,
    scope: str = "",
    days_per_week: int = 2,
    half_days: bool = True,
) -> Pilot:
    """New pilot (計画中) in these departments. Without a lead the member who plans it leads it."""
    require(may_plan(by))
    departments = _checked(departments, by)
    calendar = open_days(by.municipality_id)
    refuse_days(calendar, starts_on, ends_on, now)
    _refuse_busy(kind, departments, starts_on, ends_on)
    pilot = Pilot.objects.create(
        municipality_id=by.municipality_id,
        name=name,
        kind=kind,
        purpose=purpose,
        scope=scope,
        starts_on=starts_on,
        ends_on=ends_on,
        method=method,
        days_per_week=days_per_week,
        half_days=half_days,
        lead=lead or by,
        planned_at=now,
        answers_due_on=calendar.add(starts_on, -1),
    )
    set_departments(pilot, departments)
    record(by, "pilot.planned", pilot, departments=[row.code for row in departments])
    return pilot


@operation
def change_pilot(
    pilot: Pilot,
    *,
    edition: int,
    departments: Iterable[Department],
    by: Member,
    now: datetime,
    **values: Any,
) -> Pilot:
    """Change the plan. Raises Conflict when stale or once it is submitted; what an approved
    expansion decided stays.
    """
    require(may_run(by, pilot))
    require_planned(pilot)
    departments = _checked(departments, by, known={row.pk for row in pilot.places})
    if pilot.state == Pilot.State.APPROVED:
        departments = pilot.places
        values = {name: values[name] for name in left_open(pilot) if name in values}
    else:
        first, last = (values.get(name, getattr(pilot, name)) for name in ("starts_on", "ends_on"))
        calendar = open_days(pilot.municipality_id)
        refuse_days(calendar, first, last, now)
        values["answers_due_on"] = calendar.add(first, -1)
        _refuse_busy(values.get("kind", pilot.kind), departments, first, last, but=pilot)
    change(pilot, edition=edition, **values)
    set_departments(pilot, departments)
    record(
        by,
        "pilot.changed",
        pilot,
        departments=[row.code for row in departments],
        fields=sorted(values),
    )
    return pilot


def left_open(pilot: Pilot) -> list[str]:
    """Fields (purpose, scope) of a pilot from an expansion that the decision left empty: they can
    be written until its criteria are fixed. One query.
    """
    plan = pilot.expansion.department_rows.filter(pilot=pilot).first() if pilot.expansion else None
    return [name for name in ("purpose", "scope") if plan and not getattr(plan, name)]


def hold(pilot: Pilot) -> None:
    """Lock the pilot until the transaction is over and read anew how far it is, so that what is
    checked after this stays true. It is held before its participants.
    """
    held = Pilot.objects.select_for_update(no_key=True)
    pilot.refresh_from_db(fields=["state", "started_at", "finished_at"], from_queryset=held)


def require_planned(pilot: Pilot) -> None:
    """Raises Conflict unless the plan can be changed."""
    if not pilot.is_plan_open:
        raise Conflict(
            _("「%(state)s」の試行は変更できません。変更できるのは計画中の間だけです。")
            % {"state": pilot.get_state_display()},
            pilot.get_absolute_url(),
        )


def set_departments(pilot: Pilot, departments: Iterable[Department]) -> None:
    """Replace the pilot's departments."""
    wanted = {row.pk: row for row in departments}
    pilot.department_rows.exclude(department__in=wanted).delete()
    known = set(pilot.department_rows.values_list("department", flat=True))
    PilotDepartment.objects.bulk_create(
        PilotDepartment(municipality_id=pilot.municipality_id, pilot=pilot, department=row)
        for number, row in wanted.items()
        if number not in known
    )
    pilot.places = sorted(wanted.values(), key=lambda row: row.path)


def _checked(
    departments: Iterable[Department], by: Member, known: frozenset | set = frozenset()
) -> list[Department]:
    rows = list(departments)
    if not rows:
        raise Conflict(_("対象部署を1つ以上選んでください。"))
    if words := held_twice_words(rows):
        raise Conflict(words)
    for row in rows:
        if row.pk not in known:
            require(may_plan_for(by, row))
    return rows


def refuse_days(calendar: OpenDays, starts_on: date, ends_on: date, now: datetime) -> None:
    """Raises Conflict for days that are past, closed or in the wrong order."""
    today = timezone.localdate(now)
    if against := why_not_days(starts_on, ends_on, calendar, today):
        raise Conflict(" ".join(against))


def require_free(
    departments: list[Department], first: date, last: date, *, but: Pilot | None = None
) -> None:
    """Raises Conflict when an approved pilot has one of the departments in these days. Approvals
    for overlapping departments run one after the other.
    """
    hold_departments(departments)
    if busy := busy_departments(departments, first, last, but=but, approved=True):
        raise Conflict(busy_words(busy), busy[0].address)


def _refuse_busy(
    kind: str, departments: list[Department], first: date, last: date, but: Pilot | None = None
) -> None:
    if kind in ALONE_IN_ITS_DEPARTMENTS and (
        busy := busy_departments(departments, first, last, but=but)
    ):
        raise Conflict(busy_words(busy), busy[0].address)
