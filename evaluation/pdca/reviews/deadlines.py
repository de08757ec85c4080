"""Deadlines of reviews: to be closed, and then to be put to decision."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Substr

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
    return _due_from_writers(municipality, rows, "review.enter", opened="opened_at__date")


def reviews_to_send(municipality: Municipality, today: date):
    """Closed reviews that are not on their way to decision, from those who close them: due by the
    day of the closing, or on the day it was closed when that was later.
    """
    rows = Review.objects.of(municipality).filter(state=Review.State.CLOSED)
    closed_on = Cast(F("closed_at__date"), DateField())
    rows = rows.annotate(send_by=Greatest("due_on", closed_on))
    return _due_from_writers(
        municipality, rows, "review.send", due="send_by", opened="closed_at__date"
    )


def _due_from_writers(
    municipality: Municipality, rows: QuerySet, rule: str, *, due: str = "due_on", opened: str
):
    """A department's review from its manager, the body's own from the office."""
    span = Case(
        When(cadence=Review.Cadence.MONTH, then=_month("first")),
        default=Concat(_month("first"), Value("–"), _month("last"), output_field=CharField()),
        output_field=CharField(),
    )
    things = due_rows(
        rows,
        rule,
        due=due,
        opened=opened,
        path=Coalesce(F("department__path"), Value(municipality.root_path)),
        title=Coalesce(F("department__name"), F("municipality__name")),
        note=span,
    )
    role = Case(
        When(department=None, then=Value("office")),
        default=Value("manager"),
        output_field=CharField(),
    )
    return things.annotate(d_role=role)
