"""Deadlines of reviews to be closed."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Substr

from evaluation.pdca.reviews.models import Review
from municipality.deadlines.kinds import due_rows
from municipality.organisation.models import Municipality


def _month(field: str) -> Substr:
    return Substr(Cast(F(field), CharField()), 1, 7)


def reviews_to_close(municipality: Municipality, today: date):
    """Reviews that are not closed: the body's own due from the office, a department's from its
    manager.
    """
    rows = Review.objects.of(municipality).filter(state=Review.State.ENTERING)
    span = Case(
        When(cadence=Review.Cadence.MONTH, then=_month("first")),
        default=Concat(_month("first"), Value("–"), _month("last"), output_field=CharField()),
        output_field=CharField(),
    )
    due = due_rows(
        rows,
        "review.enter",
        opened="opened_at__date",
        path=Coalesce(F("department__path"), Value(municipality.root_path)),
        title=Coalesce(F("department__name"), F("municipality__name")),
        note=span,
    )
    role = Case(
        When(department=None, then=Value("office")),
        default=Value("manager"),
        output_field=CharField(),
    )
    return due.annotate(d_role=role)
