"""Deadlines of promises in 1on1."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast

from evaluation.appraisal.one_on_ones.models import Promise
from municipality.deadlines.kinds import LEADING, due_rows
from municipality.organisation.models import Municipality


def promises_to_keep(municipality: Municipality, today: date):
    """Open promises of running pairs."""
    running = Q(one_on_one__pair__ends_on=None)
    rows = Promise.objects.of(municipality).open().filter(running)
    leads = Case(
        When(owner=F("one_on_one__pair__manager"), then=Value(LEADING)),
        default=Value(""),
        output_field=CharField(),
    )
    return due_rows(
        rows,
        "promise.keep",
        opened="one_on_one__recorded_at__date",
        member="owner_id",
        path="one_on_one__pair__department__path",
        title=Cast(F("one_on_one__held_on"), CharField()),
        object_id="one_on_one_id",
        role=leads,
    )
