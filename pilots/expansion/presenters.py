"""Pages of an expansion: the request, the frozen evidence, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from municipality.core.small_cells import MARK, is_hidden
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names
from pilots.expansion import evidence as shown
from pilots.expansion.decision_content import (
    criteria_words,
    evidence_row,
    evidence_words,
    lead_post,
    total_yen,
)
from pilots.expansion.models import Expansion, ExpansionDepartment
from pilots.expansion.operations.requests import EXPANSION
from pilots.expansion.rules import may_change_expansion
from pilots.participants.rules import may_see_counts
from pilots.planning.checks import plan_notes
from pilots.planning.models import Pilot
from pilots.planning.readiness import exception_notices
from pilots.planning.wording import MET_TONES, cost_words, limit_words
from pilots.results.criteria_results import MEASURES, judge_all, last_day, measured
from pilots.results.presenters import CriterionLine, latest_decision, lines


@dataclass(frozen=True)
class PlanLine:
    """What the pilot of a receiving department will be, in words."""

    plan: ExpansionDepartment
    lead: str
    criteria: str

    @classmethod
    def of(cls, plan: ExpansionDepartment) -> PlanLine:
        """The line of this department."""
        return cls(plan, lead_post(plan), criteria_words(plan))


def weighed(pilot: Pilot, today: date) -> dict[str, Any]:
    """Evidence that would be frozen now, for the page of the request."""
    measurement = measured(pilot, today)
    judged = judge_all(pilot.rows_of_criteria, measurement)
    return {
        "criteria": lines(pilot, measurement, hidden=False),
        "met": sum(row.met is True for row in judged),
        "all": len(judged),
        "weak": sum(row.met is not True for row in judged),
        "measured_to": last_day(pilot, today),
        "missing": len(measurement.tally.missing),
        "interim": today < pilot.ends_on,
    }


def sheet(expansion: Expansion, member: Member) -> dict[str, Any]:
    """Template context of the expansion's page. Its numbers come from the frozen evidence and are
    never measured again.
    """
    evidence = expansion.evidence
    hidden = not may_see_counts(member, expansion.pilot) and is_hidden(
        shown.groups_behind(evidence), expansion.municipality.small_cell
    )
    return {
        "expansion": expansion,
        "pilot": expansion.pilot,
        "evidence": evidence,
        "names": bool(may_see_names(member)),
        "limit": limit_words(expansion.days_per_week, expansion.half_days),
        "cost": cost_words(expansion.initial_yen, expansion.monthly_yen, total_yen(expansion)),
        "criteria": [frozen_line(row, hidden=hidden) for row in evidence["criteria"]],
        "met": len(shown.met(evidence)),
        "all": len(evidence["criteria"]),
        "weakness": shown.weakness(evidence),
        "places": [
            (row["name"], row["staff"], _readiness_words(row)) for row in evidence["departments"]
        ],
        "exceptions": exception_notices(evidence["departments"]),
        "plan_notes": plan_notes(expansion),
        "plans": [PlanLine.of(plan) for plan in expansion.plans if plan.criteria is not None],
        "decision": latest_decision(EXPANSION, expansion.pk, member),
        "asof": evidence_words(evidence, max(row["fixed_on"] for row in evidence["criteria"])),
        "may_change": bool(may_change_expansion(member, expansion)),
        "next_pilots": [
            row.pilot for row in expansion.department_rows.select_related("pilot") if row.pilot
        ],
    }


def _readiness_words(row: dict[str, Any]) -> str:
    """How a department of the evidence stood, in a few words."""
    if row.get("exceptions"):
        return _("必須条件の例外承認あり")
    return _("準備度評価は確定") if shown.is_confirmed(row) else _("準備度評価が未確定")


def frozen_line(row: dict[str, Any], *, hidden: bool) -> CriterionLine:
    """Criterion of the evidence, in the reader's language as far as its indicator is still in the
    catalogue.
    """
    if measure := MEASURES.get(row["code"]):
        row = {
            **row,
            "name": str(measure.name),
            "unit": str(measure.unit),
            "definition": str(measure.definition),
        }
    name, limit, value, share, verdict = evidence_row(row)
    value, share = (MARK, MARK) if hidden else (value, share)
    return CriterionLine(
        name, row["definition"], limit, value, share, verdict, MET_TONES[row["met"]]
    )
