"""What the pilot of each receiving department will be: proposed from the source, set before approval."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Department, Member
from pilots.expansion.models import Expansion, ExpansionDepartment
from pilots.expansion.rules import may_change_plan
from pilots.planning.checks import PlanExtent, beyond_reach, reach_of
from pilots.planning.models import Pilot, PilotKind, SuccessCriterion
from pilots.results.criteria_results import MEASURES, TENTH

PER_HEAD = {"K38": ("K40", 100), "K39": ("K37", 1)}
"""Totals, with what is carried over in their stead: the indicator per participant, and its unit."""


def carried_over(criteria: Iterable[SuccessCriterion], participants: int) -> list[dict[str, str]]:
    """The source's criteria for another department: rates and values per head, never totals. A
    total is divided by the participants it was set for.
    """
    rows = {row.indicator: row for row in criteria}
    carried = {
        code: _values(code, row.direction, row.threshold)
        for code, row in rows.items()
        if code not in PER_HEAD
    }
    for total, (code, unit) in PER_HEAD.items():
        if total in rows and code not in carried and participants:
            value = rows[total].threshold * unit / participants
            if unit == 100:
                value = min(value, Decimal(100))
            carried[code] = _values(code, rows[total].direction, value)
    return [carried[code] for code in sorted(carried)]


def _values(code: str, direction: str, threshold: Decimal) -> dict[str, str]:
    rounded = threshold.quantize(TENTH, ROUND_HALF_UP)
    return {"indicator": code, "direction": direction, "threshold": str(rounded)}


def set_departments(expansion: Expansion, departments: list[Department]) -> None:
    """Replace the departments of the expansion. Those that stay keep their plan; each new one gets a
    proposal.
    """
    wanted = {row.pk: row for row in departments}
    expansion.department_rows.exclude(department__in=wanted).delete()
    known = set(expansion.department_rows.values_list("department", flat=True))
    ExpansionDepartment.objects.bulk_create(
        ExpansionDepartment(
            municipality_id=expansion.municipality_id,
            expansion=expansion,
            department=row,
            **_proposal(expansion, row),
        )
        for number, row in wanted.items()
        if number not in known
    )
    expansion.places = sorted(departments, key=lambda row: row.path)


def _proposal(expansion: Expansion, department: Department) -> dict[str, Any]:
    source = expansion.pilot
    with override("ja"):
        purpose = _("「%(pilot)s」の結果をふまえ、%(department)sでも続けられるかを確かめる。")
    return {
        "purpose": purpose % {"pilot": source.name, "department": department},
        "scope": source.scope,
        "criteria": carried_over(
            source.rows_of_criteria, expansion.evidence["pilot"]["participants"]
        ),
    }


@operation
def set_plan(
    plan: ExpansionDepartment,
    *,
    edition: int,
    purpose: str,
    scope: str,
    lead: Member | None,
    criteria: Iterable[tuple[str, str, Decimal]],
    by: Member,
    now: datetime,
) -> ExpansionDepartment:
    """Set what the pilot of one receiving department will be, before the expansion is decided.
    Without criteria the department fixes them before its start.
    """
    require(may_change_plan(by, plan))
    # Locked, so that what is sent meanwhile stays as it was read.
    require_draft(Expansion.objects.select_for_update(no_key=True).get(pk=plan.expansion_id))
    wanted = list(criteria)
    _refuse_out_of_reach(plan, wanted, now)
    values = [_values(code, direction, threshold) for code, direction, threshold in wanted]
    change(plan, edition=edition, purpose=purpose, scope=scope, lead=lead, criteria=values)
    record(by, "expansion.department_planned", plan.expansion, department=plan.department.code)
    return plan


def _refuse_out_of_reach(
    plan: ExpansionDepartment, wanted: list[tuple[str, str, Decimal]], now: datetime
) -> None:
    reach = reach_of(extent_of(plan), timezone.localdate(now))
    for code, direction, threshold in wanted:
        if reason := beyond_reach(code, direction, threshold, reach):
            raise Conflict(f"{MEASURES[code].name} {reason}")


def extent_of(plan: ExpansionDepartment) -> PlanExtent:
    """What the pilot of this department will extend to."""
    expansion = plan.expansion
    return PlanExtent(
        plan.municipality_id,
        [plan.department],
        PilotKind.DEPARTMENT,
        expansion.starts_on,
        expansion.ends_on,
        expansion.days_per_week,
    )


def require_draft(expansion: Expansion) -> None:
    """Raises Conflict unless the expansion was returned and can be changed."""
    if expansion.state != Expansion.State.DRAFT:
        raise Conflict(
            _("「%(state)s」の展開申請は変更できません。差し戻されたときだけ変更できます。")
            % {"state": expansion.get_state_display()},
            expansion.get_absolute_url(),
        )


def take_over_criteria(plan: ExpansionDepartment, pilot: Pilot, now: datetime) -> None:
    """Fix the criteria of the new pilot as they were decided."""
    source = plan.expansion.pilot.rows_of_criteria
    decided = [(row.indicator, row.direction, row.threshold) for row in source]
    SuccessCriterion.objects.bulk_create(
        SuccessCriterion(
            municipality_id=pilot.municipality_id,
            pilot=pilot,
            indicator=indicator,
            direction=direction,
            threshold=threshold,
            fixed_at=now,
        )
        for indicator, direction, threshold in (decided if plan.criteria is None else plan.wanted)
    )
