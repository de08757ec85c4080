"""Rate of 1on1 held (K26). Their content is never read."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, runs
from evaluation.appraisal.sheets.indicators import Departments
from municipality.core.figures import Figure, mean_of
from municipality.core.periods import Period
from municipality.organisation.queries import outside_staff


def one_on_one_rate(departments: Departments, period: Period) -> Figure:
    """K26 1on1実施率 (%): pairs that met at least once in the month over the pairs that were to
    meet; a longer period is the mean of its months. Pairs of people who are no staff are left out.
    One query, however many there are.
    """
    months = period.months
    columns: dict[str, Count] = {}
    for place, month in enumerate(months):
        columns |= _columns(place, month)
    pairs = Pair.objects.filter(~Exists(outside_staff()), department__in=departments)
    pairs = pairs.running(period.first, period.last)
    counts = pairs.order_by().aggregate(**columns)
    figures = [
        Figure(counts[f"held_{place}"], counts[f"all_{place}"], kind="rate")
        for place in range(len(months))
    ]
    return figures[0] if len(figures) == 1 else mean_of(figures)


def _columns(place: int, month: Period) -> dict[str, Count]:
    """The pairs of one month, and those of them that met in it."""
    met = OneOnOne.objects.filter(pair=OuterRef("pk"), held_on__range=(month.first, month.last))
    running = runs(month.first, month.last)
    return {
        f"held_{place}": Count("pk", filter=running & Q(Exists(met))),
        f"all_{place}": Count("pk", filter=running),
    }
