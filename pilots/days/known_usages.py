"""What is stored of the people and months that a file of usage records names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, count

from municipality.core.periods import Period
from municipality.imports.kinds import ImportRow
from municipality.organisation.models import Member, Municipality, Posting
from pilots.days.models import DeletedUsage, Usage, UsageSetting

Key = tuple[int, date, str, str]
"""Person, day, unit and part: what makes a record the same one."""

WEEK = timedelta(days=6)


@dataclass(frozen=True)
class UsageValues:
    """What a file corrects of a record."""

    minutes: int
    place: str
    method: str


@dataclass(frozen=True)
class StoredUsage:
    """A record as it stands."""

    pk: int
    values: UsageValues
    is_own: bool


@dataclass(frozen=True)
class DeletedRecord:
    """A record that a person deleted: how long it was, and why it went."""

    minutes: int
    reason: str


@dataclass
class KnownUsages:
    """Stored data of the file's people: members, main postings, records of these weeks, and
    which records were deleted.
    """

    members: dict[tuple[str, str], int]
    postings: dict[int, list[tuple[date, date | None, int]]]
    usages: dict[Key, StoredUsage] = field(default_factory=dict)
    deleted: dict[Key, DeletedRecord] = field(default_factory=dict)
    file_wins: bool = False

    def department(self, member: int, on: date) -> int | None:
        """Department of the main posting on that day."""
        for starts_on, ends_on, department in self.postings.get(member, ()):
            if starts_on <= on and (ends_on is None or on <= ends_on):
                return department
        return None


def is_number(part: str) -> bool:
    """Whether a part is a number among those of the day: no start of a record of 時間."""
    return bool(part) and ":" not in part


def numbers_of_day(
    rows: Sequence[UsageValues],
    stored: Mapping[str, UsageValues],
    deleted: Mapping[str, int],
) -> list[str]:
    """Numbers for a file's records of 時間 of one person and day. A number names nothing by itself:
    a record takes that of the same one or of one as long, standing or (by its minutes) deleted; the
    others take what is left, never that of a deleted one.
    """
    lengths = {part: values.minutes for part, values in stored.items()}
    named: dict[int, str] = {}
    for known in (stored, lengths, deleted):
        for place, row in enumerate(rows):
            wanted = row if known is stored else row.minutes
            same = (part for part in known if known[part] == wanted and part not in named.values())
            if place not in named and (part := next(same, "")):
                named[place] = part
    barred = {*named.values(), *deleted}
    left = [part for part in stored if part not in barred]
    new = (str(number) for number in count(1) if str(number) not in {*barred, *left})
    rest = chain(left, new)
    return [named.get(place) or next(rest) for place in range(len(rows))]


def months_around(rows: Iterable[ImportRow]) -> tuple[date, date] | None:
    """First and last day of the months that the rows name."""
    days = [row["実施日"] for row in rows if row["実施日"]]
    if not days:
        return None
    return Period.holding(Period.MONTH, min(days)).first, Period.holding(
        Period.MONTH, max(days)
    ).last


def read_known(municipality: Municipality, rows: list[ImportRow]) -> KnownUsages:
    """Stored data of the people in the file. Five queries, however many rows there are."""
    numbers = {row["職員番号"] for row in rows}
    members = (
        Member.objects.of(municipality).order_by().values_list("series", "number", "pk").iterator()
    )
    known = KnownUsages(
        {(series, number): pk for series, number, pk in members if number in numbers},
        defaultdict(list),
        file_wins=UsageSetting.objects.of(municipality).filter(file_wins=True).exists(),
    )
    member_ids = set(known.members.values())
    held = (
        Posting.objects.of(municipality)
        .filter(kind=Posting.Kind.MAIN, status=Posting.Status.PRESENT)
        .order_by()
    )
    for member, starts_on, ends_on, department in held.values_list(
        "member", "starts_on", "ends_on", "department"
    ).iterator():
        if member in member_ids:
            known.postings[member].append((starts_on, ends_on, department))
    if span := months_around(rows):
        known.usages = _read_usages(municipality, member_ids, span)
        known.deleted = _read_deleted(municipality, member_ids, span)
    return known


def _read_deleted(
    municipality: Municipality, members: set[int], span: tuple[date, date]
) -> dict[Key, DeletedRecord]:
    rows = DeletedUsage.objects.of(municipality).between(*span).filter(became=None).order_by()
    values = rows.values_list("member", "day", "unit", "part", "minutes", "reason").iterator()
    return {
        (member, on, unit, part): DeletedRecord(minutes, reason)
        for member, on, unit, part, minutes, reason in values
        if member in members
    }


def _read_usages(
    municipality: Municipality, members: set[int], span: tuple[date, date]
) -> dict[Key, StoredUsage]:
    stored = Usage.objects.of(municipality).between(span[0] - WEEK, span[1] + WEEK).order_by()
    names = ("member", "day", "unit", "part", "pk", "minutes", "place", "method", "source")
    return {
        (member, on, unit, part): StoredUsage(
            pk, UsageValues(minutes, place, method), source == Usage.Source.OWN
        )
        for member, on, unit, part, pk, minutes, place, method, source in stored.values_list(
            *names
        ).iterator()
        if member in members
    }
