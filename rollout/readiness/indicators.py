"""What the preparing stage measures."""

from __future__ import annotations

from django.db.models import QuerySet

from rollout.readiness.models import Assessment, Round
from rollout.readiness.scores import Scores


def readiness_by_department(
    round_: Round, departments: QuerySet | None = None
) -> dict[int, Scores | None]:
    """Scores of a round by department number, in the order of the tree; None is 未提出. One query.

    `departments` (from `visible_to`) narrows it to what a viewer may see.
    """
    rows = Assessment.objects.of(round_.municipality_id).filter(round=round_)
    if departments is not None:
        rows = rows.filter(department__in=departments)
    return {
        row.department_id: row.result if row.is_handed_in else None
        for row in rows.order_by("department__path")
    }
