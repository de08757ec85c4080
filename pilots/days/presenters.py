"""The month of a department for one reader: handed in, declared or missing."""

from __future__ import annotations

from typing import Any

from municipality.core.periods import Period
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names
from pilots.days.models import NoTelework, Submission, UsageMonth
from pilots.days.queries import month_states
from pilots.days.rules import may_declare, may_remind_month

TONES = {Submission.RECORDED: "ok", Submission.NONE: "neutral", Submission.MISSING: "warn"}


def usage_month_sheet(row: UsageMonth, member: Member) -> dict[str, Any]:
    """Context of the page of a department's month."""
    period = Period.holding(Period.MONTH, row.month)
    states = month_states(row.municipality_id, [period])[period.first]
    state = states.get(row.department_id, Submission.MISSING)
    declared = (
        NoTelework.objects.visible_to(member)
        .filter(department=row.department_id, month=row.month)
        .select_related("declared_by")
        .first()
    )
    return {
        "row": row,
        "state": state,
        "tone": TONES[state],
        "declared": declared,
        "is_missing": state == Submission.MISSING,
        "is_overtaken": state == Submission.RECORDED and declared is not None,
        "may_declare": bool(may_declare(member, row.department)),
        "may_remind": bool(may_remind_month(member, row)),
        "names": bool(may_see_names(member)),
    }
