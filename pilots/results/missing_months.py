"""Months of a pilot that are over and for which a department has handed in nothing (未提出)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from municipality.core.date_words import month_name
from municipality.core.periods import Period
from pilots.days.models import Submission
from pilots.days.queries import begun_departments, month_states, place_of
from pilots.planning.models import Pilot
from pilots.planning.wording import joined

MissingMonth = tuple[str, date]
"""Name of the department and first day of the month."""

MOST_TOLD = 3


def missing_months_of(pilot: Pilot, last: date, on: date) -> tuple[MissingMonth, ...]:
    """Missing months of the pilot up to its `last` day that counts, as of a day. Where only
    managers went ahead, a department owes none. Two queries, none before the first month is over.
    """
    months, month = [], Period.holding(Period.MONTH, pilot.first_day)
    while month.first <= last and month.last < on:
        months.append(month)
        month = month.following
    if not months:
        return ()
    begun = begun_departments(pilot.municipality_id, months[-1].last)
    places = [place_of(department.path, begun) for department in pilot.places]
    owing = {place.pk: place.name for place in places if place}
    states = month_states(pilot.municipality_id, months, begun)
    return tuple(
        (name, month.first)
        for month in months
        for number, name in owing.items()
        if states[month.first].get(number) == Submission.MISSING
    )


def missing_months_words(months: Sequence[MissingMonth]) -> str:
    """未提出 総務課 8月、税務課 9月: the first few, and the number of further ones. Empty without
    any.
    """
    if not months:
        return ""
    names = joined(f"{name} {month_name(month)}" for name, month in months[:MOST_TOLD])
    if len(months) > MOST_TOLD:
        more = len(months) - MOST_TOLD
        return _("未提出 %(names)s、ほか%(n)s件") % {"names": names, "n": more}
    return _("未提出 %(names)s") % {"names": names}
