"""What the pilot of each receiving department will be: proposed from the source, set before
approval.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.log import operation, record
from municipality.core.figures import half_up
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Department, Grant, Member, Posting
from municipality.organisation.open_days import open_days
from pilots.expansion.rules import may_change_plan
from pilots.planning.catalogue_file import PILOT_INDICATORS
from pilots.planning.checks import (
    PlanExtent,
    Reach,
    beyond_reach,
    days_per_person,
    reach_of,
    reach_of_each,
)
from pilots.planning.models import (
    Expansion,
    ExpansionDepartment,
    Pilot,
    PilotKind,
    SuccessCriterion,
)

DAYS_PER_HEAD = "K37"
"""参加者1人当たりの実施日数, over all days of a pilot."""

PER_HEAD = {code: row.per_head for code, row in PILOT_INDICATORS.items() if row.per_head}
"""Totals, with what is carried over in their stead: the indicator per participant."""


def carried_over(
    criteria: Iterable[SuccessCriterion], participants: int, pace: Decimal, reach: Reach
) -> list[dict[str, str]]:
    """The source's criteria for another department: rates and values per head, never totals. A
    total is divided by the participants it was set for. Days per head that are out of reach follow
    the `pace`: what can be taken there for each day of the source. What still is, is left open.
    """
    rows = {row.indicator: row for row in criteria}
    carried = {
        code: (row.direction, row.threshold) for code, row in rows.items() if code not in PER_HEAD
    }
    for total, code in PER_HEAD.items():
        if total in rows and code not in carried and participants:
            value = rows[total].threshold / participants
            if PILOT_INDICATORS[code].is_rate:
                value = min(value * 100, Decimal(100))
            carried[code] = rows[total].direction, value
    days = carried.get(DAYS_PER_HEAD)
    if days and beyond_reach(DAYS_PER_HEAD, *days, reach):
        carried[DAYS_PER_HEAD] = days[0], days[1] * pace
    return [
        _values(code, direction, threshold)
        for code, (direction, threshold) in sorted(carried.items())
        if not beyond_reach(code, direction, threshold, reach)
    ]


def _values(code: str, direction: str, threshold: Decimal) -> dict[str, str]:
    rounded = half_up(threshold)
    return {"indicator": code, "direction": direction, "threshold": str(rounded)}


def set_departments(expansion: Expansion, departments: list[Department], today: date) -> None:
    """Replace the departments of the expansion. Those that stay keep their plan; each new one gets
    a proposal.
    """
    wanted = {row.pk: row for row in departments}
    expansion.department_rows.exclude(department__in=wanted).delete()
    known = set(expansion.department_rows.values_list("department", flat=True))
    added = [row for number, row in wanted.items() if number not in known]
    reaches = reach_of_each(_extent(expansion, added), today)
    pace = _pace(expansion)
    ExpansionDepartment.objects.bulk_create(
        ExpansionDepartment(
            municipality_id=expansion.municipality_id,
            expansion=expansion,
            department=row,
            **_proposal(expansion, row, pace, reaches[row.pk]),
        )
        for row in added
    )
    expansion.places = sorted(departments, key=lambda row: row.path)


def _pace(expansion: Expansion) -> Decimal:
    """Days that one person can take in the expansion, for each day of its source."""
    calendar = open_days(expansion.municipality_id)
    before = days_per_person(PlanExtent.of(expansion.pilot), calendar)
    return Decimal(days_per_person(_extent(expansion, []), calendar)) / max(before, 1)


def _proposal(
    expansion: Expansion, department: Department, pace: Decimal, reach: Reach
) -> dict[str, Any]:
    source = expansion.pilot
    participants = expansion.evidence["pilot"]["participants"]
    with override("ja"):
        purpose = _("「%(pilot)s」の結果をふまえ、%(department)sでも続けられるかを確かめる。")
    return {
        "purpose": purpose % {"pilot": source.name, "department": department},
        "scope": source.scope,
        "criteria": carried_over(source.rows_of_criteria, participants, pace, reach),
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
    reach = reach_of(extent_of(plan), timezone.localdate(now))
    _refuse_out_of_reach(plan, wanted, reach)
    values = [_values(code, direction, threshold) for code, direction, threshold in wanted]
    change(plan, edition=edition, purpose=purpose, scope=scope, lead=lead, criteria=values)
    record(by, "expansion.department_planned", plan.expansion, department=plan.department.code)
    return plan


def _refuse_out_of_reach(
    plan: ExpansionDepartment, wanted: list[tuple[str, str, Decimal]], reach: Reach
) -> None:
    for code, direction, threshold in wanted:
        if reason := beyond_reach(code, direction, threshold, reach):
            words = f"{plan.department} {PILOT_INDICATORS[code].name} {reason}"
            raise Conflict(words, plan.get_absolute_url())


def require_reach(expansion: Expansion, now: datetime) -> None:
    """Raises Conflict, with the page of the plan, when a department cannot reach what was set for
    it: the days or its staff may have changed since.
    """
    plans = expansion.plans
    extent = _extent(expansion, [plan.department for plan in plans])
    reaches = reach_of_each(extent, timezone.localdate(now))
    for plan in plans:
        _refuse_out_of_reach(plan, plan.wanted, reaches[plan.department_id])


def extent_of(plan: ExpansionDepartment) -> PlanExtent:
    """What the pilot of this department will extend to."""
    return _extent(plan.expansion, [plan.department])


def _extent(expansion: Expansion, departments: list[Department]) -> PlanExtent:
    return PlanExtent(
        expansion.municipality_id,
        departments,
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


def lead_on(plan: ExpansionDepartment, day: date) -> Member:
    """Who leads the department's pilot: who was named, if still present as a manager, in the office
    or in the department; else the manager of the day, else the lead of the source.
    """
    present = Posting.objects.present(day).filter(member=plan.lead)
    roles = Q(grants__role__in=[Grant.Role.MANAGER, Grant.Role.OFFICE])
    if plan.lead and present.filter(roles | Q(department=plan.department)).exists():
        return plan.lead
    managers = nearest_holders("manager", plan.department.path, day)
    return managers[0] if managers else plan.expansion.pilot.lead


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
