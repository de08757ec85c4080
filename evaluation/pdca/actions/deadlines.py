"""Improvement actions that are due."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from evaluation.pdca.actions.models import Action
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
