"""What the office sets for its body: its own settings, its closed days, and departments that no
file brought.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import ClosedDay, Department, Member, Municipality
from municipality.organisation.operations.departments import add_department
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office


@operation
def change_body(
    body: Municipality, *, edition: int, by: Member, now: datetime, **values: Any
) -> Municipality:
    """Change the body's settings. Raises Conflict when somebody was first."""
    require(is_office(by))
    with keeping(body, "body", lambda: settings_of(body), by=by, now=now):
        _write(body, values, edition=edition, by=by)
    return body


SIGN_IN = ("session_idle_minutes", "session_absolute_hours", "code_tables")
"""What is set on the page of sign-in, with a history of its own."""


def settings_of(body: Municipality) -> dict[str, Any]:
    """All that the office can set of the body itself."""
    fields = [field for field in Municipality._meta.concrete_fields if field.editable]
    return {
        field.name: getattr(body, field.name)
        for field in fields
        if field.name not in {"code", "is_demo", *SIGN_IN}
    }


@operation
def change_sign_in(
    body: Municipality, *, edition: int, by: Member, now: datetime, **values: Any
) -> Municipality:
    """Change how people sign in to the body. Raises Conflict when somebody was first."""
    require(is_office(by))
    with keeping(
        body, "sign_in", lambda: {name: getattr(body, name) for name in SIGN_IN}, by=by, now=now
    ):
        _write(body, values, edition=edition, by=by)
    return body


def _write(body: Municipality, values: dict[str, Any], *, edition: int, by: Member) -> None:
    """Write the values, and what they were in the log."""
    before = {
        key: getattr(body, key) for key, value in values.items() if getattr(body, key) != value
    }
    change(body, edition=edition, **values)
    after = {key: values[key] for key in before}
    record(by, "body.changed", municipality=body, before=before, after=after)


def closed_days_of(body: Municipality) -> dict[str, Any]:
    """All days on which the body departs from the calendar."""
    return {row.date.isoformat(): [row.is_open, row.name] for row in ClosedDay.objects.of(body)}


@operation
def add_closed_day(
    body: Municipality, day: date, *, name: str, is_open: bool, by: Member, now: datetime
) -> ClosedDay:
    """Close the town hall on a day, or open it on one on which it would be closed. Raises Conflict
    for a day that stands.
    """
    require(is_office(by))
    with keeping(body, "closed_days", lambda: closed_days_of(body), by=by, now=now):
        closed, created = ClosedDay.objects.get_or_create(
            municipality=body, date=day, defaults={"name": name, "is_open": is_open}
        )
        if not created:
            raise Conflict(_("%(day)s は登録済みです。") % {"day": closed})
        record(by, "closed_day.added", closed, day=day, name=name, is_open=is_open)
    return closed


@operation
def remove_closed_day(closed: ClosedDay, *, by: Member, now: datetime) -> None:
    """Remove a closed day: the day counts again as the calendar says."""
    require(is_office(by))
    body = closed.municipality
    with keeping(body, "closed_days", lambda: closed_days_of(body), by=by, now=now):
        record(by, "closed_day.removed", closed, day=closed.date, name=closed.name)
        closed.delete()


@operation
def found_department(
    body: Municipality,
    *,
    code: str,
    name: str,
    kind: str,
    parent: Department,
    starts_on: date,
    by: Member,
    now: datetime,
) -> Department:
    """Found a department below another. Raises Conflict for a code that is taken."""
    require(is_office(by))
    if Department.objects.of(body).filter(code=code).exists():
        raise Conflict(_("部署コード「%(code)s」は登録済みです。") % {"code": code})
    department = add_department(
        body, code=code, name=name, kind=kind, parent=parent, starts_on=starts_on
    )
    record(by, "department.added", department, code=code)
    return department
