"""Deputies (代決) and absences (不在)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.decisions.models import Absence, Deputy
from municipality.decisions.rules import may_note_absence
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office


@operation
def name_deputy(
    member: Member,
    *,
    department: Department,
    post: Post,
    matter: str,
    starts_on: date,
    ends_on: date | None,
    by: Member,
    now: datetime,
) -> Deputy:
    """Name a member to decide in place of a post's holder while that one is away; for one matter or
    for all.
    """
    require(is_office(by))
    with keeping(by.municipality, "deputies", lambda: deputies_of(by.municipality), by=by, now=now):
        deputy = Deputy.objects.create(
            municipality_id=by.municipality_id,
            department=department,
            post=post,
            member=member,
            matter=matter,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        record(
            by, "deputy.named", member, department=str(department), post=str(post), matter=matter
        )
    return deputy


def deputies_of(body: Municipality) -> dict[str, Any]:
    """Deputies by post; people by 職員番号, because the log must not keep names."""
    rows = Deputy.objects.of(body).select_related("department", "post", "member")
    return {
        str(row.pk): [
            str(row.department),
            row.post.title,
            row.matter,
            row.member.number,
            row.starts_on,
            row.ends_on,
        ]
        for row in rows
    }


@operation
def remove_deputy(deputy: Deputy, *, by: Member, now: datetime) -> None:
    """End the deputy's naming at once; decisions made before stay valid."""
    require(is_office(by))
    with keeping(by.municipality, "deputies", lambda: deputies_of(by.municipality), by=by, now=now):
        record(
            by,
            "deputy.removed",
            deputy.member,
            department=str(deputy.department),
            post=str(deputy.post),
        )
        deputy.delete()


@operation
def add_absence(
    member: Member, *, reason: str, starts_on: date, ends_on: date, by: Member, now: datetime
) -> Absence:
    """Record an absence from a day to a day: by the person or by the office."""
    require(may_note_absence(by, member))
    absence = Absence.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(by, "absence.added", member, reason=reason, starts_on=starts_on, ends_on=ends_on)
    return absence


@operation
def remove_absence(absence: Absence, *, by: Member, now: datetime) -> None:
    """Remove an absence."""
    require(may_note_absence(by, absence.member))
    record(
        by, "absence.removed", absence.member, reason=absence.reason, starts_on=absence.starts_on
    )
    absence.delete()
