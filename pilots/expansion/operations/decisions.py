"""Results of the decision (決裁) about an expansion: on approval the next pilots are created."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict
from municipality.core.transitions import move
from municipality.decisions.models import Decision
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import hold_departments
from pilots.expansion.operations.plans import lead_on, require_reach, take_over_criteria
from pilots.expansion.operations.requests import require_conditions, trying
from pilots.participants.operations.courses import assign_to_lead
from pilots.planning.checks import busy_words
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot, PilotKind
from pilots.planning.operations import hold, require_free, set_departments
from pilots.results.evidence import digest, latest_result
from pilots.results.operations import close_pilot

BRACKETS = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]$")
"""A remark in brackets at the end of a name, in either width."""


@operation
def expansion_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Sent on its way, from its own page or from the decision's: 決裁中, unless a 必須条件 is open, a
    department is no longer free, or a threshold is out of its reach.
    """
    expansion = Expansion.objects.select_related("pilot").get(pk=decision.subject_id)
    hold(expansion.pilot)
    _require_latest(expansion)
    require_conditions(expansion, timezone.localdate(now))
    if busy := trying(expansion.pilot, expansion.starts_on, expansion.ends_on, expansion.places):
        raise Conflict(busy_words(busy), busy[0].address)
    require_reach(expansion, now)
    move(expansion, Expansion.State.DECIDING)


def _require_latest(expansion: Expansion) -> None:
    """Raise Conflict when the pilot ended, or its figures were measured anew, since the evidence
    was frozen.
    """
    if not expansion.pilot.is_started:
        raise Conflict(
            _("この試行は、もう実施中でも評価中でもありません。"), expansion.get_absolute_url()
        )
    result = latest_result(expansion.pilot)
    if result and result.values["measured_at"] != expansion.evidence["measured_at"]:
        raise Conflict(
            _("試行の数値が固定し直されています。申請の内容を変更して、根拠を取り直してください。"),
            expansion.get_absolute_url(),
        )


def expansion_checked(decision: Decision, now: datetime) -> None:
    """Before anybody approves a step: no 必須条件 may be open that this decision does not show, and
    every department is still free.
    """
    expansion = Expansion.objects.get(pk=decision.subject_id)
    _require_possible(expansion, now)


def _require_possible(expansion: Expansion, now: datetime) -> None:
    hold_departments(expansion.places)
    require_conditions(expansion, timezone.localdate(now))
    require_free(expansion.places, expansion.starts_on, expansion.ends_on)


@operation
def expansion_returned(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the expansion as returned (差戻し) or taken back (引戻し): it can be changed, and its
    evidence is measured again.
    """
    expansion = Expansion.objects.get(pk=decision.subject_id)
    move(expansion, Expansion.State.DRAFT)
    verb = (
        "expansion.taken_back" if decision.state == Decision.State.DRAFT else "expansion.returned"
    )
    record(by, verb, expansion)


@operation
def expansion_ended(decision: Decision, by: Member, now: datetime) -> None:
    """Close the expansion after 却下 or 取下げ; another one can be requested."""
    expansion = Expansion.objects.get(pk=decision.subject_id)
    rejected = decision.state == Decision.State.REJECTED
    move(
        expansion,
        Expansion.State.REJECTED if rejected else Expansion.State.WITHDRAWN,
        decided_at=now,
    )
    record(by, "expansion.rejected" if rejected else "expansion.withdrawn", expansion)


def expansion_decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Act on an approved decision."""
    expansion_approved(Expansion.objects.get(pk=decision.subject_id), by=by, now=now)


@operation
def expansion_approved(expansion: Expansion, *, by: Member | None, now: datetime) -> list[Pilot]:
    """Make the next pilots: one per department, 承認, with its decided criteria fixed now. Exactly
    once, whoever comes twice.

    Raises Conflict when the evidence is not what was frozen, a 必須条件 is open, or a department is
    no longer free. A pilot in evaluation ends with 展開.
    """
    if digest(expansion.evidence) != expansion.evidence_hash:
        raise Conflict(_("根拠が、固定したときの照合値と一致しません。事務局に連絡してください。"))
    _require_possible(expansion, now)
    move(expansion, Expansion.State.APPROVED, decided_at=now)
    pilots = [_next_pilot(expansion, row, now) for row in expansion.plans]
    record(
        by,
        "expansion.approved",
        expansion,
        municipality=expansion.municipality_id,
        pilots=[pilot.pk for pilot in pilots],
    )
    _finish_source(expansion, by=by, now=now)
    return pilots


def _finish_source(expansion: Expansion, *, by: Member | None, now: datetime) -> None:
    """Finish the pilot whose evaluation led to the expansion with 展開; a pilot that still runs
    continues.
    """
    source = expansion.pilot
    if source.state != Pilot.State.EVALUATING:
        return
    with override("ja"):
        note = _("展開申請「%(name)s」の承認による。") % {"name": expansion.name}
    close_pilot(source, Pilot.Outcome.EXPAND, note, by=by, now=now)


def _next_pilot(expansion: Expansion, row: ExpansionDepartment, now: datetime) -> Pilot:
    source, department = expansion.pilot, row.department
    pilot = Pilot.objects.create(
        municipality_id=expansion.municipality_id,
        name=pilot_name(expansion, department),
        kind=PilotKind.DEPARTMENT,
        purpose=row.purpose or source.purpose,
        scope=row.scope if row.criteria is not None else source.scope,
        starts_on=expansion.starts_on,
        ends_on=expansion.ends_on,
        method=expansion.method,
        days_per_week=expansion.days_per_week,
        half_days=expansion.half_days,
        lead=lead_on(row, timezone.localdate(now)),
        expansion=expansion,
        state=Pilot.State.APPROVED,
        planned_at=now,
        answers_due_on=open_days(expansion.municipality_id).add(expansion.starts_on, -1),
    )
    set_departments(pilot, [department])
    take_over_criteria(row, pilot, now)
    ExpansionDepartment.objects.filter(pk=row.pk, pilot=None).update(pilot=pilot)
    assign_to_lead(pilot, by=None, now=now)
    notify(pilot.lead, "pilots.widened", pilot, now=now, title=pilot.name)
    return pilot


def pilot_name(expansion: Expansion, department: Department) -> str:
    """第2期試行 for a single department, else 第2期試行(税務課): brackets in the name are replaced by those
    with the department.
    """
    if len(expansion.places) == 1:
        return expansion.name
    return f"{BRACKETS.sub('', expansion.name)}({department.name})"
