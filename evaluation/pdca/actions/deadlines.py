"""Improvement actions that are due, and wishes for another day."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from evaluation.pdca.actions.models import Action, ActionEntry
from municipality.deadlines.kinds import due_rows
from municipality.organisation.models import Municipality


def actions_to_do(municipality: Municipality, today: date):
    """Open actions with a person and a due day."""
    rows = (
        Action.objects.of(municipality)
        .open()
        .filter(who__isnull=False, due_on__isnull=False)
        .exclude(what="")
    )
    return due_rows(
        rows,
        "action.do",
        opened="added_at__date",
        member="who_id",
        title="what",
        path=Coalesce(F("review__department__path"), Value(municipality.root_path)),
        note=Coalesce(F("review__department__name"), F("municipality__name")),
    )


def days_to_answer(municipality: Municipality, today: date):
    """Open actions whose holder wishes for another day, until a day is set or reported on anew; due
    from who sets it, by the day that stands.
    """
    kinds = [ActionEntry.Kind.REPORT, ActionEntry.Kind.DUE]
    last = ActionEntry.objects.filter(action=OuterRef("pk"), kind__in=kinds).order_by("-at", "-pk")
    rows = (
        Action.objects.of(municipality)
        .open()
        .annotate(
            last_kind=Subquery(last.values("kind")[:1]),
            wanted=Subquery(last.values("due_on")[:1]),
            wanted_at=Subquery(last.values("at__date")[:1]),
        )
        .filter(last_kind=ActionEntry.Kind.REPORT, wanted__isnull=False, due_on__isnull=False)
    )
    return due_rows(
        rows,
        "action.new_day",
        opened="wanted_at",
        role=Case(When(review__department=None, then=Value("office")), default=Value("manager")),
        title="what",
        path=Coalesce(F("review__department__path"), Value(municipality.root_path)),
        note="wanted",
    )
