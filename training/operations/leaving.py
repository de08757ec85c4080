"""What happens to assignments when somebody works here no more. By the clock."""

from __future__ import annotations

from django.db.models import F

from training.models import Assignment


def end_assignment(number: int) -> bool:
    """The open assignment ends with whoever had it; False when it was completed or cancelled meanwhile."""
    rows = Assignment.objects.filter(pk=number, state=Assignment.State.ASSIGNED)
    return bool(rows.update(state=Assignment.State.CANCELLED, edition=F("edition") + 1))
