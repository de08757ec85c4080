"""Rate of completed training (K24)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from municipality.core.figures import Figure
from municipality.core.periods import Period
from municipality.organisation.models import Department, Posting
from municipality.organisation.queries import staff_postings
from training.assignments.models import Assignment


def completion_rate(departments: Iterable[Department], period: Period) -> Figure:
    """K24 研修受講率: people who completed everything that was due / people for whom something was
    due, as of the period's end.

    Due are the assignments whose date lies in the fiscal year up to the period's last day and that
    stood on it: one that was cancelled later counts as it stood. Whoever is asked has a due date on
    or after the day of the assignment. A voided completion was never true and counts for no day.
    All staff (全職員, as for K02) count where their main posting is on that day.
    Source: share of completers among those concerned (K24).
    """
    people = staff_postings(Posting.objects.on(period.last).filter(department__in=departments))
    due = Assignment.objects.standing_on(period.last).filter(
        member__in=people.values("member"),
        due_on__range=(date(period.fiscal_year, 4, 1), period.last),
    )
    late = Q(completion=None) | Q(completion__completed_on__gt=period.last)
    counted = due.aggregate(
        people=Count("member", distinct=True), behind=Count("member", distinct=True, filter=late)
    )
    return Figure(counted["people"] - counted["behind"], counted["people"], kind="rate")
