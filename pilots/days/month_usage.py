"""What is counted of a month: records, staff, 対象職員 and participants, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from municipality.core.periods import Period
from municipality.organisation.dated_tree import DatedTree
from municipality.organisation.models import Department, Posting
from municipality.organisation.queries import staff_on_the_day, staff_postings
from pilots.days.models import DAY_MINUTES, Submission, Usage
from pilots.days.month_states import BegunDepartments, begun_departments, month_states
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
    departments: Sequence[Department] = ()
    """The departments that are counted, in the order of the tree."""
    tree: DatedTree = field(default_factory=lambda: DatedTree([]))
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


def read_months(
    departments: Sequence[Department],
    months: Sequence[Period],
    begun: BegunDepartments | None = None,
) -> list[MonthUsage]:
    """Each of these months, of which the first is the oldest, for these departments. Six queries
    however many there are, five when `begun` is given.
    """
    if not departments:
        return [MonthUsage(month) for month in months]
    here, body = {row.pk for row in departments}, departments[0].municipality_id
    days = months[0].first, months[-1].last
    begun = begun or begun_departments(body, days[1])
    read = {month.first: MonthUsage(month, departments, begun.tree) for month in months}
    _read_staff(read, here, begun, days)
    _read_participants(read, here, begun, days)
    _read_records(read, here, days)
    states = month_states(body, months, begun)
    for first, month in read.items():
        asked = {*month.eligible.values(), *month.participants.values()}
        month.states = {number: state for number, state in states[first].items() if number in asked}
    return list(read.values())


def read_periods(
    begun: BegunDepartments, roots: Collection[int], periods: Sequence[Period]
) -> dict[Period, list[MonthUsage]]:
    """The months of each period, oldest first, over these departments and what lay below them on
    the last day of the period: as its review counts. Five queries, and five more for each further
    set of departments.
    """
    together: dict[tuple[Department, ...], list[Period]] = defaultdict(list)
    for period in periods:
        together[tuple(begun.tree.population(roots, period.last))].append(period)
    months: dict[date, MonthUsage] = {}
    for departments, those in together.items():
        wanted = [month for period in those for month in period.months]
        months |= {row.month.first: row for row in read_months(departments, wanted, begun)}
    return {period: [months[month.first] for month in period.months] for period in periods}


def _postings(here: set[int], days: tuple[date, date]):
    """Main postings of staff in the departments that touch these days."""
    first, last = days
    held = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), department__in=here, starts_on__lte=last
    )
    return staff_postings(held).order_by()


def _read_staff(
    months: dict[date, MonthUsage],
    here: set[int],
    begun: BegunDepartments,
    days: tuple[date, date],
) -> None:
    rows = list(_postings(here, days).values_list("member", "department", "starts_on", "ends_on"))
    for first, month in months.items():
        places = begun.places(here, month.month)
        for member, department, starts_on, ends_on in rows:
            if starts_on > month.month.last or (ends_on is not None and ends_on < first):
                continue
            month.present.add(member)
            if starts_on <= first:
                month.staff[member] = department
                if department in places:
                    month.eligible[member] = places[department]


def _read_participants(
    months: dict[date, MonthUsage],
    here: set[int],
    begun: BegunDepartments,
    days: tuple[date, date],
) -> None:
    asked = Participant.objects.filter(department__in=here)
    rows: Any = asked.took_part(*days).order_by("pk")
    values = rows.values_list("member", "department", "pilot", "since", "until")
    places = {first: begun.places(here, month.month) for first, month in months.items()}
    for member, department, pilot, since, until in values:
        for first, month in months.items():
            if since <= month.month.last and until >= month.month.first:
                month.participants[member] = places[first].get(department, department)
                month.pilots.add(pilot)


def _read_records(months: dict[date, MonthUsage], here: set[int], days: tuple[date, date]) -> None:
    """Records in the departments, and those of their staff elsewhere: who moved on in the month
    still counts once where the month began. Who joins them in a later month of the period does not
    count in this one, as the month itself is told. Records of people who are at work but no staff
    (特別職, from outside) count for a participant alone, and for a participant only those from the
    first to the last day of taking part.
    """
    recorded = Q(department__in=here)
    of_people = Q(member__in=_postings(here, days).values("member"))
    asked = Participant.objects.filter(department__in=here)
    taking_part = Q(member__in=asked.took_part(*days).values("member"))
    on_the_day = asked.filter(member=OuterRef("member")).took_part(OuterRef("day"), OuterRef("day"))
    rows = Usage.objects.counted().filter(recorded | of_people | taking_part)
    values = (
        rows.between(*days)
        .order_by()
        .annotate(
            month=TruncMonth("day"),
            is_staff=Exists(staff_on_the_day("day")),
            takes_part=Exists(on_the_day),
        )
        .values_list("month", "member", "department", "is_staff", "takes_part")
    )
    for first, member, department, is_staff, takes_part, halves in values.annotate(
        halves=Sum(HALVES)
    ):
        month, key = months[first], (member, department)
        if is_staff and department in here:
            month.done[key] = month.done.get(key, 0) + halves
        if is_staff and (department in here or member in month.staff):
            month.doers.add(member)
        if takes_part:
            month.participants_with_records.add(member)
