"""Pages of an expansion: the request, the frozen evidence, and the result."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import NOTHING
from municipality.core.small_cells import MARK
from municipality.organisation.models import Member
from municipality.organisation.rules import may_see_names
from municipality.web.components.cells import LinkCell, StateCell
from municipality.web.components.lists import ListColumn, ListTable
from municipality.web.components.states import face
from pilots.expansion import evidence as shown
from pilots.expansion.decision_content import (
    criteria_words,
    evidence_words,
    lead_posts,
    total_yen,
)
from pilots.expansion.operations.requests import EXPANSION
from pilots.expansion.rules import may_change_expansion
from pilots.expansion.small_numbers import hides_evidence, hides_thresholds
from pilots.participants.rules import gate_of_pilot
from pilots.planning.checks import plan_notes
from pilots.planning.decisions import no_route
from pilots.planning.models import Expansion, Pilot
from pilots.planning.readiness import confirmed_words, exception_notices
from pilots.planning.wording import cost_words, joined, limit_words
from pilots.results.evidence import result_values
from pilots.results.presenters import (
    criteria_listing,
    frozen_line,
    latest_decision,
    without_thresholds,
)


def weighed(pilot: Pilot, now: datetime) -> dict[str, Any]:
    """Evidence that would be sent now, for the page of the request."""
    values = result_values(pilot, now=now)
    return {
        "criteria": criteria_listing(
            [frozen_line(row, hidden=False) for row in values["criteria"]], measured=True
        ),
        "weak": len(shown.unmet(values)) + len(shown.unjudged(values)),
        "measured_to": date.fromisoformat(values["last"]),
        "frozen_on": pilot.is_judged and datetime.fromisoformat(values["measured_at"]).date(),
        "interim": values["interim"],
    }


def sheet(expansion: Expansion, member: Member, today: date) -> dict[str, Any]:
    """Template context of the expansion's page. Its numbers come from the frozen evidence and are
    never measured again.
    """
    evidence, gate = expansion.evidence, gate_of_pilot(member, expansion.pilot)
    may_change = bool(may_change_expansion(member, expansion))
    hidden = hides_evidence(expansion, evidence, gate, today)
    decision = latest_decision(EXPANSION, expansion.pk, member)
    asks = may_change and expansion.state == Expansion.State.DRAFT
    criteria = [frozen_line(row, hidden=hidden) for row in evidence["criteria"]]
    if hides_thresholds(expansion.pilot, member, today):
        criteria = without_thresholds(criteria)
    return {
        "expansion": expansion,
        "pilot": expansion.pilot,
        "evidence": evidence,
        "names": bool(may_see_names(member)),
        "limit": limit_words(expansion.days_per_week, expansion.half_days),
        "cost": cost_words(expansion.initial_yen, expansion.monthly_yen, total_yen(expansion)),
        "criteria": criteria_listing(criteria, measured=True),
        "met": None if hidden else len(shown.met(evidence)),
        "all": len(evidence["criteria"]),
        "weakness": shown.weakness(evidence, verdicts=not hidden),
        "places": joined(
            _place_words(row, counted=gate.is_open) for row in evidence["departments"]
        ),
        "exceptions": exception_notices(evidence["departments"], expansion.ends_on),
        "plan_notes": plan_notes(expansion),
        "plans": _plans(
            expansion,
            changeable=may_change and expansion.state == Expansion.State.DRAFT,
            hidden=hidden,
        ),
        "decision": decision,
        "no_route": no_route(EXPANSION, expansion, member, today, decision) if asks else "",
        "asof": evidence_words(evidence, max(row["fixed_on"] for row in evidence["criteria"])),
        "may_change": may_change,
        "next_pilots": _next_pilots(expansion),
    }


def _plans(expansion: Expansion, *, changeable: bool, hidden: bool) -> ListTable:
    """What the pilot of each receiving department will be; the criteria are `hidden` with the
    participants by whose number they were carried over.
    """
    columns = (
        ListColumn(pgettext("組織", "部署"), "words"),
        ListColumn(pgettext("試行", "目的")),
        ListColumn(_("対象の業務")),
        ListColumn(_("試行の責任者")),
        ListColumn(_("成功の基準")),
    )
    plans = [plan for plan in expansion.plans if plan.criteria is not None]
    leads = lead_posts(expansion, plans)
    rows = [
        (
            ((str(plan.department),), (LinkCell(_("計画を変更"), plan.get_absolute_url()),))
            if changeable
            else ((str(plan.department),),),
            plan.purpose,
            plan.scope or NOTHING,
            leads[plan.pk],
            MARK if hidden else criteria_words(plan),
        )
        for plan in plans
    ]
    return ListTable(columns, rows)


def _next_pilots(expansion: Expansion) -> ListTable:
    """Pilots that its approval made."""
    columns = (
        ListColumn(_("試行の名前"), "link"),
        ListColumn(pgettext("試行", "状態"), "state"),
    )
    departments = expansion.department_rows.select_related("pilot")
    pilots = [row.pilot for row in departments if row.pilot]
    rows = [
        (LinkCell(str(pilot), pilot.get_absolute_url()), StateCell(*face(pilot.face)))
        for pilot in pilots
    ]
    return ListTable(columns, rows)


def _place_words(row: dict[str, Any], *, counted: bool) -> str:
    """税務課(14人、準備度評価は確定): its staff is `counted` for who may be told every number."""
    words = {"name": row["name"], "n": row["staff"], "readiness": _readiness_words(row)}
    if counted:
        return _("%(name)s(%(n)s人、%(readiness)s)") % words
    return _("%(name)s(%(readiness)s)") % words


def _readiness_words(row: dict[str, Any]) -> str:
    """How a department of the evidence stood, in a few words."""
    if row.get("exceptions"):
        return _("必須条件が未達(例外承認)")
    if not shown.is_confirmed(row):
        return _("準備度評価が未確定")
    return confirmed_words(row["round"]) if row.get("round") else _("準備度評価は確定")
