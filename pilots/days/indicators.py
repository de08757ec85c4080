"""What the pilots count: K01 to K07 of the catalogue, over departments and a period.

`departments` is whatever names the departments to count, those below included: a queryset, or a
list. A department with participants and no record at all in the period has not handed in: it is
counted in `missing` and left out of the rest, since 未提出 is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When

from municipality.core.periods import Figure, Period
from municipality.organisation.models import Department, Posting
from pilots.days.models import DAY_MINUTES, Usage
from pilots.participants.models import Participant
from pilots.planning.models import Pilot

Departments = Iterable[Department] | QuerySet

SECTIONS = {Department.Kind.SECTION, Department.Kind.OFFICE, Department.Kind.BRANCH}

HALVES = Case(
    When(unit=Usage.Unit.FULL, then=Value(2 * DAY_MINUTES)),
    When(unit__in=[Usage.Unit.MORNING, Usage.Unit.AFTERNOON], then=Value(DAY_MINUTES)),
    default=2 * F("minutes"),
    output_field=IntegerField(),
)
"""Half minutes of a record: 終日 is one day, 午前 and 午後 are half a day each, 時間 is what was
worked over 7h45m.
"""


@dataclass(frozen=True)
class Tally:
    """Telework of some departments, and the people who could have done it: `done` in half minutes
    by (member, department).
    """

    done: dict[tuple[int, int], int]
    expected: dict[int, int] = field(default_factory=dict)
    """Participants with the department they take part from."""

    @cached_property
    def reported(self) -> set[int]:
        """Departments with at least one record."""
        return {department for _member, department in self.done}

    @cached_property
    def missing(self) -> int:
        """Departments with participants and without any record."""
        return len(set(self.expected.values()) - self.reported)

    @cached_property
    def people(self) -> int | None:
        """Distinct people with a record; None when nobody handed in."""
        return len({member for member, _department in self.done}) or None

    @cached_property
    def days(self) -> float | None:
        """Day-equivalents (人日)."""
        return sum(self.done.values()) / (2 * DAY_MINUTES) if self.done else None

    @cached_property
    def takers(self) -> int | None:
        """Number of participants with a record."""
        if not self.done:
            return None
        return len({member for member, _department in self.done} & self.expected.keys())

    @cached_property
    def eligible(self) -> int:
        """Number of participants in departments that handed in, and of people with a record whose
        department has moved on.
        """
        doers = {member for member, _department in self.done}
        return sum(
            department in self.reported or member in doers
            for member, department in self.expected.items()
        )


def tally(usages: QuerySet, expected: dict[int, int]) -> Tally:
    """Count records, against the participants that are expected to have some (member → department).
    One query.
    """
    rows = usages.order_by().values_list("member", "department").annotate(halves=Sum(HALVES))
    return Tally({(member, department): halves for member, department, halves in rows}, expected)


def tally_of(departments: Departments, period: Period) -> Tally:
    """The tally of departments in a period: all records there, and the participants of pilots that
    ran in it.
    """
    usages = Usage.objects.filter(department__in=departments).between(period.first, period.last)
    running = Pilot.objects.running_in(period.first, period.last)
    expected = (
        Participant.objects.agreed()
        .filter(department__in=departments, pilot__in=running)
        .order_by()
    )
    return tally(usages, dict(expected.values_list("member", "department")))


CODES = ("K01", "K02", "K03", "K04", "K06", "K07")


def usage_figures(departments: Departments, period: Period) -> dict[str, Figure]:
    """K01 to K07 of the catalogue, by code, from one tally. Four queries.

    K01 テレワーク実施者数 (人): distinct people with at least one record. K02 実施率(全職員) (%):
    K01 over the people posted (本務, 在職) on the first day of the period. K03 実施率(対象職員)
    (%): participants with a record over the participants of pilots that ran in the period. K04
    延べ実施日数 (人日): day-equivalents. K06 1人当たり実施日数 (日): K04 over K01, to a tenth. K07
    部署カバー率 (%): see `coverage`.
    """
    rows = list(departments)
    tally = tally_of(rows, period)
    return {
        "K01": Figure(tally.people, missing=tally.missing),
        "K02": Figure(tally.people, posted(rows, period), tally.missing, is_rate=True),
        "K03": Figure(tally.takers, tally.eligible, tally.missing, is_rate=True),
        "K04": Figure(tally.days, missing=tally.missing),
        "K06": Figure(per_person(tally), missing=tally.missing),
        "K07": coverage(rows, tally),
    }


def per_person(tally: Tally) -> float | None:
    """Days per person with telework; None when there is none."""
    return round(tally.days / tally.people, 1) if tally.people and tally.days else None


def posted(departments: Departments, period: Period) -> int:
    """People with their main posting (本務, 在職) in the departments on the first day of the
    period. One query.
    """
    rows = Posting.objects.on(period.first).filter(
        department__in=departments, kind=Posting.Kind.MAIN, status=Posting.Status.PRESENT
    )
    return rows.values("member").distinct().count()


def coverage(departments: list[Department], tally: Tally) -> Figure:
    """K07 部署カバー率 (%): departments of the size of a section with a record, there or below,
    over all such departments.
    """
    sections = [row for row in departments if row.kind in SECTIONS]
    paths = [row.path for row in departments if row.pk in tally.reported]
    covered = sum(any(section.contains(path) for path in paths) for section in sections)
    return Figure(covered if tally.done else None, len(sections), tally.missing, is_rate=True)
