"""Measuring the indicators of a review: each code is counted by the app that owns its data."""

from __future__ import annotations

from django.db.models import QuerySet

from municipality.core.periods import Figure, Period
from municipality.core.registry import measures

CADENCES = (Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR)

SINCE = {"K07": Period.QUARTER, "K27": Period.HALF}
"""Codes that say nothing about a single month, with the shortest period for which they do."""


def codes_of(cadence: str) -> list[str]:
    """Codes of a review of this cadence, in the order of the catalogue: a quarter also shows the
    monthly ones.
    """
    known = sorted(code for measure in measures() for code in measure.codes)
    return [
        code
        for code in known
        if CADENCES.index(SINCE.get(code, Period.MONTH)) <= CADENCES.index(cadence)
    ]


def measure(departments: QuerySet, period: Period) -> dict[str, Figure]:
    """Figures of the departments (including those below) in the period, by code, from the present
    rows.
    """
    wanted = codes_of(period.cadence)
    counted: dict[str, Figure] = {}
    for each in measures():
        if not set(each.codes).isdisjoint(wanted):
            counted |= each.count(departments, period)
    return {code: counted[code] for code in wanted}
