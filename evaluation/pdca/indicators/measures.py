"""Measuring the indicators of a review: each code is counted by the app that owns its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from evaluation.pdca.indicators.operations import catalogue
from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.core.registry import measures
from municipality.core.worded import is_english
from municipality.organisation.models import Department

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


def measure(
    departments: Iterable[Department], period: Period, known: Mapping[str, Figure] | None = None
) -> dict[str, Figure]:
    """Figures of the departments (those below are among them) in the period, by code, from the
    present rows; those that are `known` are not counted again.
    """
    wanted, counted = codes_of(period.cadence), dict(known or {})
    for each in measures():
        if not ({*wanted} - counted.keys()).isdisjoint(each.codes):
            counted |= each.count(departments, period)
    return with_versions({code: counted[code] for code in wanted})


def words_of(code: str) -> tuple[str, str]:
    """Name and unit of a code as the catalogue has them, in the reader's language."""
    entry = next(entry for entry in catalogue() if entry["code"] == code)
    if is_english():
        return entry["name_en"], entry.get("unit_en") or entry["unit"]
    return entry["name"], entry["unit"]


def with_versions(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures with the versions of the definitions they are counted by now."""
    versions = {entry["code"]: entry["version"] for entry in catalogue()}
    return {
        code: replace(figure, version=versions.get(code, 0)) for code, figure in figures.items()
    }
