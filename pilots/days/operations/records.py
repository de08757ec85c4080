"""Storing usage records (実施記録): from a file, added, corrected and deleted on a page."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from itertools import chain, count
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.chain import canonical
from municipality.audit.log import operation, record
from municipality.core.batches import parts
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.imports.rules import may_import
from municipality.organisation.leadership import main_department
from municipality.organisation.models import Member, Municipality, Posting
from municipality.organisation.rules import is_office
from pilots.days.day_checks import record_faults
from pilots.days.models import DeletedUsage, Usage, UsageSetting
from pilots.days.rules import may_correct, may_hand_in_for

KEY = ["member", "day", "unit", "part"]
"""What makes a record the same one."""

KEY_COLUMNS = ["member_id", *KEY[1:]]


def key_of(usage: Usage) -> tuple[int, date, str, str]:
    """The key of a record."""
    return usage.member_id, usage.day, str(usage.unit), usage.part


@operation
def record_usages(
    municipality: Municipality, *, usages: Sequence[Usage], by: Member | None, now: datetime
) -> int:
    """Write records (not saved yet, of members of this body); how many. One of the same key is
    replaced, never doubled.

    `by` None is the command line. One entry in the history with a digest of them all.
    """
    if by is not None:
        require(may_import(by))
    count = store(usages)
    values = [
        [row.member_id, row.day, row.unit, row.part, row.place, row.method, row.minutes]
        for row in usages
    ]
    digest = hashlib.sha256(canonical(values).encode()).hexdigest()
    record(by, "usage.recorded", municipality=municipality, count=count, digest=digest)
    return count


def store(usages: Sequence[Usage]) -> int:
    """Insert the records; an existing one with the same key takes the new values, and its edition
    rises, so that a form that was opened before does not overwrite them.
    """
    if not usages:
        return 0
    days = [row.day for row in usages]
    known = Usage.objects.filter(member__in={row.member_id for row in usages})
    known = known.between(min(days), max(days)).order_by()
    editions = {tuple(key): edition for *key, edition in known.values_list(*KEY, "edition")}
    for row in usages:
        row.edition = editions.get(key_of(row), 0) + 1
    Usage.objects.bulk_create(
        usages,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=["minutes", "place", "method", "department", "source", "file", "edition"],
    )
    _no_longer_deleted(usages)
    return len(usages)


def follow_postings(municipality: Municipality | str, members: Sequence[int]) -> None:
    """Move the records of these people to the department of their main posting on the day of each
    record; without one a record stays. One query, and one for each department with such records.
    """
    held = Posting.objects.in_service(OuterRef("day")).filter(
        member=OuterRef("member"), kind=Posting.Kind.MAIN
    )
    rows = Usage.objects.of(municipality).filter(member__in=members)
    rows = rows.annotate(held=Subquery(held.order_by("starts_on").values("department")[:1]))
    wrong = rows.filter(held__isnull=False).exclude(held=F("department"))
    by_place: dict[int, list[int]] = defaultdict(list)
    for pk, place in wrong.order_by().values_list("pk", "held"):
        by_place[place].append(pk)
    for place, numbers in by_place.items():
        for part in parts(numbers):
            Usage.objects.filter(pk__in=part).update(department=place, edition=F("edition") + 1)


@operation
def add_usage(
    member: Member,
    *,
    day: date,
    unit: str,
    minutes: int,
    place: str,
    method: str,
    reason: str,
    start: str = "",
    by: Member,
    now: datetime,
) -> Usage:
    """Add one record on a page, for the department of the person on that day. Raises Conflict for a
    day to come, without a posting on it, of more than 7:45, and beside a record of the same unit
    (of 時間: of the same start, or when neither has one).
    """
    department = main_department(member, day)
    if department is None:
        raise Conflict(_("この日に在職していない職員です。発令を確認してください。"))
    require(may_hand_in_for(by, department))
    if day > timezone.localdate(now):
        raise Conflict(_("今日までの日を入力してください。"))
    usage = Usage(
        municipality_id=member.municipality_id,
        member=member,
        department=department,
        day=day,
        unit=unit,
        minutes=minutes,
        place=place,
        method=method,
        source=Usage.Source.OWN,
    )
    lock_usages([member.pk])
    usage.part = _part_beside_others(usage, unit, minutes, start)
    usage.save()
    _no_longer_deleted([usage])
    values = [usage.unit, usage.minutes, usage.place, usage.method]
    record(by, "usage.added", usage, reason=reason, values=values, day=day)
    return usage


@operation
def correct_usage(
    usage: Usage, *, edition: int, reason: str, by: Member, now: datetime, **values: Any
) -> Usage:
    """Correct unit, minutes, start, place and method of one record; from then on it counts as
    entered on a page. Raises Conflict when stale, for a day of more than 7:45, and beside a record
    of the same unit as `add_usage` does.
    """
    require(may_correct(by, usage))
    lock_usages([usage.member_id])
    start = values.pop("start", usage.start)
    values["part"] = _part_beside_others(usage, values["unit"], values["minutes"], start)
    was, before = [usage.unit, usage.minutes, usage.place, usage.method], copy(usage)
    change(usage, edition=edition, source=Usage.Source.OWN, **values)
    if key_of(before) != key_of(usage):
        _keep_deleted(before, reason, became=usage, by=by, now=now)
    _no_longer_deleted([usage])
    record(by, "usage.corrected", usage, reason=reason, was=was, changed=sorted(values))
    return usage


def lock_usages(members: Iterable[int]) -> None:
    """Whoever writes records of these people waits for the others: what a day may hold is counted
    over several records. In one order, so that nobody waits in a circle.
    """
    for part in parts(sorted(members)):
        rows = Member.objects.select_for_update(no_key=True).filter(pk__in=part)
        list(rows.order_by("pk").values_list("pk"))


def _part_beside_others(usage: Usage, unit: str, minutes: int, start: str) -> str:
    """Start or number of the record among the others of the day. Raises Conflict where it does not
    fit beside them.
    """
    others = Usage.objects.filter(member=usage.member_id, day=usage.day).exclude(pk=usage.pk)
    for fault in record_faults(others, unit, minutes, start, usage).values():
        raise Conflict(fault)
    if unit != Usage.Unit.HOURS:
        return ""
    if start or (usage.is_numbered and usage.minutes == minutes):
        return start or usage.part
    taken = set(others.filter(unit=unit).values_list("part", flat=True))
    return _number_beside(taken | {usage.part}, usage, minutes)


def _number_beside(taken: set[str], usage: Usage, minutes: int) -> str:
    """Number of a record of 時間 as long as that: of a deleted one only when it was as long, since
    its number and minutes are what the next file's is known by.
    """
    rows = DeletedUsage.objects.filter(member=usage.member_id, day=usage.day, unit=Usage.Unit.HOURS)
    deleted = dict(rows.order_by("pk").values_list("part", "minutes"))
    again = (part for part in deleted if ":" not in part and deleted[part] == minutes)
    new = (str(number) for number in count(1) if str(number) not in deleted)
    return next(part for part in chain(again, new) if part not in taken)


@operation
def delete_usage(usage: Usage, *, edition: int, reason: str, by: Member, now: datetime) -> None:
    """Delete one record; the next file does not bring it back. Raises Conflict when stale."""
    require(may_correct(by, usage))
    lock_usages([usage.member_id])
    change(usage, edition=edition)
    values = [usage.unit, usage.minutes, usage.place, usage.method]
    record(by, "usage.deleted", usage, reason=reason, was=values, day=usage.day)
    _keep_deleted(usage, reason, became=None, by=by, now=now)
    Usage.objects.filter(pk=usage.pk).delete()


def _keep_deleted(
    usage: Usage, reason: str, *, became: Usage | None, by: Member, now: datetime
) -> None:
    DeletedUsage.objects.update_or_create(
        municipality_id=usage.municipality_id,
        member_id=usage.member_id,
        day=usage.day,
        unit=usage.unit,
        part=usage.part,
        defaults={
            "department_id": usage.department_id,
            "minutes": usage.minutes,
            "reason": reason,
            "became": became,
            "deleted_by": by,
            "deleted_at": now,
        },
    )


def _no_longer_deleted(usages: Sequence[Usage]) -> None:
    """These records stand: what was deleted of the same key before counts no more."""
    days, keys = [row.day for row in usages], {key_of(row) for row in usages}
    rows = DeletedUsage.objects.filter(member__in={row.member_id for row in usages})
    rows = rows.between(min(days), max(days)).order_by()
    again = [pk for pk, *key in rows.values_list("pk", *KEY_COLUMNS) if tuple(key) in keys]
    for part in parts(again):
        DeletedUsage.objects.filter(pk__in=part).delete()


def replace_by_file(gone: Sequence[int], usages: Iterable[Sequence[Usage]]) -> None:
    """Remove these records and store those that a file brings, some thousands at a time. It runs
    inside the import and writes no log entry of its own.
    """
    for part in parts(list(gone)):
        # What a correction had replaced was not deleted by anybody.
        DeletedUsage.objects.filter(became__in=part).delete()
        Usage.objects.filter(pk__in=part).delete()
    for rows in usages:
        store(rows)


@operation
def set_file_wins(municipality: Municipality, wins: bool, *, by: Member, now: datetime) -> None:
    """Set whether a file replaces what was entered on a page for the same day."""
    require(is_office(by))
    UsageSetting.objects.update_or_create(municipality=municipality, defaults={"file_wins": wins})
    record(by, "usage.setting_changed", municipality=municipality, file_wins=wins)
