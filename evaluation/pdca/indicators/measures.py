"""What a review measures: the codes that its cadence shows, each counted by the app that knows
it.
"""

from __future__ import annotations

from django.db.models import QuerySet

from municipality.core.periods import Figure, Period
from municipality.core.registry import measures

CADENCES = (Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR)

SINCE = {"K07": Period.QUARTER, "K27": Period.HALF}
"""Codes that say nothing about a single month, with the shortest period for which they do."""


def codes_of(cadence: str) -> list[str]:
    """The codes of a review of this cadence, in the order of the catalogue: a quarter shows the
    monthly ones too.
    """
    known = sorted(code for measure in measures() for code in measure.codes)
    return [
        code
        for code in known
        if CADENCES.index(SINCE.get(code, Period.MONTH)) <= CADENCES.index(cadence)
    ]


def measure(departments: QuerySet, period: Period) -> dict[str, Figure]:
    """The figures of the departments (those below included) in the period, by code, as the tables
    say now.
    """
    wanted = codes_of(period.cadence)
    counted: dict[str, Figure] = {}
    for each in measures():
        if not set(each.codes).isdisjoint(wanted):
            counted |= each.count(departments, period)
    return {code: counted[code] for code in wanted}
