"""How long each kind of line of the log is kept."""

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
    """How many fiscal years each group is kept in this body."""
    own = dict(Retention.objects.of(body).values_list("group", "years"))
    return {str(group): own.get(group, DEFAULT_YEARS[group]) for group in VerbGroup}


def first_day_kept(years: int, today: date) -> date:
    """Lines before this day are past their retention: `years` full fiscal years have gone by since
    1 April after theirs.
    """
    return date(fiscal_year_of(today) - years, 4, 1)
