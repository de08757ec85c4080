"""What is counted of a month: records, staff, 対象職員 and participants, read together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from municipality.core.periods import Period
from municipality.organisation.models import Department, Posting
from municipality.organisation.queries import staff_on_the_day, staff_postings
from pilots.days.models import DAY_MINUTES, Submission, Usage
from pilots.days.month_states import BegunDepartment, begun_departments, month_states, place_of
from pilots.participants.models import Participant

HALVES = Case(
    When(unit=Usage.Unit.FULL, then=Value(2 * DAY_MINUTES)),
    When(unit__in=[Usage.Unit.MORNING, Usage.Unit.AFTERNOON], then=Value(DAY_MINUTES)),
    default=2 * F("minutes"),
    output_field=IntegerField(),
)
"""Half minutes of a record: 終日 is one day, 午前 and 午後 are half a day each, 時間 is what was
worked over 7h45m.
"""


@dataclass
class MonthUsage:
    """One month of some departments. People are given with the department that hands in for them:
    the begun one at or above theirs.
    """

    month: Period
    done: dict[tuple[int, int], int] = field(default_factory=dict)
    """Half minutes of staff in these departments, by (member, department)."""
    doers: set[int] = field(default_factory=set)
    """Staff with a record in these departments, and staff of these departments with a record
    anywhere.
    """
    participants_with_records: set[int] = field(default_factory=set)
    staff: dict[int, int] = field(default_factory=dict)
    """Staff on the first day of the month, with their department."""
    present: set[int] = field(default_factory=set)
    """Staff on any day of the month."""
    eligible: dict[int, int] = field(default_factory=dict)
    participants: dict[int, int] = field(default_factory=dict)
    pilots: set[int] = field(default_factory=set)
    states: dict[int, Submission] = field(default_factory=dict)
    """State of each begun department with people here."""

    @property
    def is_reported(self) -> bool:
        """Did anybody hand in or declare 実績なし?"""
        return bool(self.doers or self.participants_with_records) or any(
            state != Submission.MISSING for state in self.states.values()
        )

    @property
    def missing(self) -> tuple[int, ...]:
        """Begun departments that did neither."""
        return self.missing_of(self.states)

    @property
    def declared(self) -> set[int]:
        """Begun departments that declared 実績なし."""
        return {number for number, state in self.states.items() if state == Submission.NONE}

    def missing_of(self, departments: Iterable[int]) -> tuple[int, ...]:
        """Of these departments those that did neither."""
        return tuple(
            sorted(
                number
                for number in set(departments)
                if self.states.get(number) == Submission.MISSING
            )
        )


def read_months(departments: Sequence[Department], period: Period) -> list[MonthUsage]:
    """Each month of the period for these departments. Six queries, however long it is."""
    months = {month.first: MonthUsage(month) for month in period.months}
    if not departments:
        return list(months.values())
    paths = {row.pk: row.path for row in departments}
    body = departments[0].municipality_id
    begun = begun_departments(body, period.last)
    _read_staff(months, paths, begun, period)
    _read_participants(months, paths, begun, period)
    _read_records(months, paths, period)
    states = month_states(body, [month.month for month in months.values()], begun)
    for first, month in months.items():
        here = {*month.eligible.values(), *month.participants.values()}
        month.states = {number: state for number, state in states[first].items() if number in here}
    return list(months.values())


def _postings(paths: dict[int, str], period: Period):
    """Main postings of staff in the departments that touch the period."""
    held = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=period.first),
        department__in=list(paths),
        starts_on__lte=period.last,
    )
    return staff_postings(held).order_by()


def _read_staff(
    months: dict[date, MonthUsage],
    paths: dict[int, str],
    begun: list[BegunDepartment],
    period: Period,
) -> None:
    rows = list(
        _postings(paths, period).values_list("member", "department", "starts_on", "ends_on")
    )
    for first, month in months.items():
        live = [row for row in begun if row.has_begun(month.month)]
        places = {number: place_of(path, live) for number, path in paths.items()}
        for member, department, starts_on, ends_on in rows:
            if starts_on > month.month.last or (ends_on is not None and ends_on < first):
                continue
            month.present.add(member)
            if starts_on <= first:
                month.staff[member] = department
                if place := places[department]:
                    month.eligible[member] = place.pk


def _read_participants(
    months: dict[date, MonthUsage],
    paths: dict[int, str],
    begun: list[BegunDepartment],
    period: Period,
) -> None:
    here = Participant.objects.filter(department__in=list(paths))
    rows: Any = here.took_part(period.first, period.last).order_by("pk")
    values = rows.values_list("member", "department", "pilot", "since", "until")
    live = {
        first: [row for row in begun if row.has_begun(month.month)]
        for first, month in months.items()
    }
    for member, department, pilot, since, until in values:
        for first, month in months.items():
            if since <= month.month.last and until >= month.month.first:
                place = place_of(paths[department], live[first])
                month.participants[member] = place.pk if place else department
                month.pilots.add(pilot)


def _read_records(months: dict[date, MonthUsage], paths: dict[int, str], period: Period) -> None:
    """Records in the departments, and those of their staff elsewhere: who moved on in the month
    still counts once where the month began. Who joins them in a later month of the period does not
    count in this one, as the month itself is told. Records of people who are no staff on that day
    (特別職, from outside, on leave, gone) count for a participant alone.
    """
    here = Q(department__in=list(paths))
    of_people = Q(member__in=_postings(paths, period).values("member"))
    asked = Participant.objects.filter(department__in=list(paths))
    taking_part = Q(member__in=asked.took_part(period.first, period.last).values("member"))
    rows = Usage.objects.filter(here | of_people | taking_part).between(period.first, period.last)
    values = (
        rows.order_by()
        .annotate(month=TruncMonth("day"), is_staff=Exists(staff_on_the_day("day")))
        .values_list("month", "member", "department", "is_staff")
    )
    for first, member, department, is_staff, halves in values.annotate(halves=Sum(HALVES)):
        month = months[first]
        if is_staff and department in paths:
            month.done[member, department] = halves
        if is_staff and (department in paths or member in month.staff):
            month.doers.add(member)
        if member in month.participants:
            month.participants_with_records.add(member)
