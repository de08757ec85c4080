"""Retention of each group of log lines."""

from __future__ import annotations

from datetime import date

from municipality.audit.models import VerbGroup
from municipality.core.periods import fiscal_year_of
from municipality.organisation.models import Municipality
from municipality.records.models import Retention

DEFAULT_YEARS = {
    VerbGroup.SIGN_IN: 3,
    VerbGroup.READING: 3,
    VerbGroup.REFUSAL: 3,
    VerbGroup.CHANGE: 5,
    VerbGroup.DECISION: 10,
    VerbGroup.FILES: 5,
    VerbGroup.SETTINGS: 10,
    VerbGroup.RECORD: 10,
}
"""What holds until the body sets years of its own."""


def years_of(body: Municipality) -> dict[str, int]:
    """Retention of each group in this body, in fiscal years."""
    own = dict(Retention.objects.of(body).values_list("group", "years"))
    return {str(group): own.get(group, DEFAULT_YEARS[group]) for group in VerbGroup}


def first_day_kept(years: int, today: date) -> date:
    """First day whose lines are kept: lines before it are older than `years` full fiscal years,
    counted from 1 April after their year.
    """
    return date(fiscal_year_of(today) - years, 4, 1)
