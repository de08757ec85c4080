"""What is known of each month of a pilot, by department that hands in: 実績あり, 実績なし or 未提出, as
the indicators have it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from municipality.core.date_words import month_name
from municipality.core.name_lists import some_names
from municipality.core.periods import Period
from municipality.core.worded import said, strung
from pilots.days.models import Submission
from pilots.days.month_states import (
    BegunDepartment,
    BegunDepartments,
    begun_departments,
    month_states,
)
from pilots.planning.models import Pilot

MissingMonth = tuple[str, date]
"""Name of the department and first day of the month."""

MOST_TOLD = 3


@dataclass(frozen=True)
class PilotMonths:
    """The months of a pilot up to its last day that counts, each with the state of every begun
    department by its number. Where only managers went ahead, a department owes none.
    """

    begun: BegunDepartments
    states: Mapping[date, Mapping[int, Submission]]

    def missing(self, departments: Collection[int], on: date) -> tuple[MissingMonth, ...]:
        """Months before the day that these departments have not handed in (未提出)."""
        return tuple(
            (place.name, first)
            for first, states in self.states.items()
            if _month(first).last < on
            for place in self._places(departments, first)
            if states.get(place.pk) == Submission.MISSING
        )

    def handed_in(self, department: int, first: date) -> bool:
        """Whether the month is 実績あり or 実績なし for what hands in for this department."""
        return any(
            self.states[first].get(place.pk) in (Submission.RECORDED, Submission.NONE)
            for place in self._places([department], first)
        )

    def silent(self, homes: Collection[int], reported: Collection[int]) -> tuple[int, ...]:
        """Departments from which nothing came in any month, by the number of the one that hands in
        (of the last month). `homes` are the participants' departments, `reported` those with
        records of a participant.
        """
        missing: set[int] = set()
        for number in homes:
            places = [place.pk for first in self.states for place in self._places([number], first)]
            if {number, *places}.isdisjoint(reported) and not any(
                self.handed_in(number, first) for first in self.states
            ):
                missing.add(places[-1] if places else number)
        return tuple(sorted(missing))

    def _places(self, departments: Collection[int], first: date) -> list[BegunDepartment]:
        """What hands in for these departments in the month, each once."""
        places = self.begun.places(departments, _month(first)).values()
        return [row for row in self.begun.rows if row.pk in places]


def _month(first: date) -> Period:
    return Period.holding(Period.MONTH, first)


def months_of_pilot(pilot: Pilot, last: date) -> PilotMonths:
    """The months of the pilot up to its `last` day that counts. Three queries."""
    months, month = [], Period.holding(Period.MONTH, pilot.first_day)
    while month.first <= last:
        months.append(month)
        month = month.following
    begun = begun_departments(pilot.municipality_id, last)
    return PilotMonths(begun, month_states(pilot.municipality_id, months, begun))


def missing_months_words(months: Sequence[MissingMonth]) -> str:
    """未提出 総務課 8月、税務課 9月: the first few, and the number of further ones. Empty without
    any.
    """
    if not months:
        return ""
    return _missing([strung(" ", name, month_name(month)) for name, month in months])


def missing_names_words(names: Sequence[str]) -> str:
    """未提出 総務課、税務課: of the departments of one month that stands beside it."""
    return _missing(names, counted="departments")


def _missing(names: Sequence[str], counted: str = "things") -> str:
    return said(_("未提出 %(names)s"), names=some_names(names, MOST_TOLD, counted=counted))
