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
from pilots.days.month_states import BegunDepartment, begun_departments, month_states, place_of
from pilots.planning.models import Pilot

MissingMonth = tuple[str, date]
"""Name of the department and first day of the month."""

MOST_TOLD = 3


@dataclass(frozen=True)
class PilotMonths:
    """The months of a pilot up to its last day that counts, each with the state of every begun
    department by its number. Where only managers went ahead, a department owes none.
    """

    begun: list[BegunDepartment]
    states: Mapping[date, Mapping[int, Submission]]

    def missing(self, paths: Collection[str], on: date) -> tuple[MissingMonth, ...]:
        """Months before the day that the departments at these paths have not handed in (未提出)."""
        places = [place_of(path, self.begun) for path in paths]
        owing = {place.pk: place.name for place in places if place}
        return tuple(
            (name, first)
            for first, states in self.states.items()
            for number, name in owing.items()
            if Period.holding(Period.MONTH, first).last < on
            and states.get(number) == Submission.MISSING
        )

    def handed_in(self, path: str, first: date) -> bool:
        """Whether the month is 実績あり or 実績なし for the department that hands in for this path."""
        place = place_of(path, self.begun)
        state = self.states[first].get(place.pk, Submission.MISSING) if place else None
        return state in (Submission.RECORDED, Submission.NONE)

    def silent(self, homes: Mapping[int, str], reported: Collection[int]) -> tuple[int, ...]:
        """Departments from which nothing came in any month, by the number of the one that hands in.
        `homes` are the participants' departments (number and path), `reported` the numbers of those
        with records of a participant.
        """
        missing: set[int] = set()
        for number, path in homes.items():
            place = place_of(path, self.begun)
            answering = place.pk if place else number
            if {number, answering}.isdisjoint(reported) and not any(
                self.handed_in(path, first) for first in self.states
            ):
                missing.add(answering)
        return tuple(sorted(missing))


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
    names = [strung(" ", name, month_name(month)) for name, month in months]
    return said(_("未提出 %(names)s"), names=some_names(names, MOST_TOLD))
