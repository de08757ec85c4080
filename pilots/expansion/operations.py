"""Requesting an expansion on frozen evidence, and creating the next pilots on approval."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.decisions.models import Decision
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Department, Member
from pilots.expansion.evidence import digest, measure_evidence, weakness
from pilots.expansion.models import Expansion, ExpansionDepartment
from pilots.expansion.rules import may_change_expansion, may_expand
from pilots.planning.decisions import put_to_decision
from pilots.planning.models import Pilot, PilotDepartment, PilotKind, SuccessCriterion
from pilots.planning.operations import set_departments
from pilots.planning.wording import joined

EXPANSION = "pilots.expansion"


@operation
def expansion_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the expansion as 決裁中, whether it was submitted from its own page or from the decision's."""
    move(Expansion.objects.get(pk=decision.subject_id), Expansion.State.DECIDING)


@operation
def expansion_returned(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the expansion as returned (差戻し): it can be changed, and its evidence is measured again."""
    expansion = Expansion.objects.get(pk=decision.subject_id)
    move(expansion, Expansion.State.DRAFT)
    record(by, "expansion.returned", expansion)


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


BRACKETS = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]$")
"""A remark in brackets at the end of a name, in either width."""


@operation
def request_expansion(
    pilot: Pilot,
    *,
    name: str,
    departments: Iterable[Department],
    starts_on: date,
    ends_on: date,
    by: Member,
    now: datetime,
    method: str = "",
    days_per_week: int = 2,
    half_days: bool = True,
    initial_yen: int = 0,
    monthly_yen: int = 0,
    explanation: str = "",
) -> Expansion:
    """Measure and freeze the evidence, then put the expansion to decision. Only from 実施中
    (interim) or 評価中.

    Raises Conflict without criteria, while another application of the pilot is open, for a
    department that is trying telework already, and without an explanation when a criterion is not
    met or cannot be judged.
    """
    require(may_expand(by, pilot))
    departments = list(departments)
    require_expandable(pilot)
    check_departments(pilot, departments, starts_on, ends_on)
    evidence = frozen(pilot, departments, explanation, now)
    expansion = Expansion.objects.create(
        municipality_id=pilot.municipality_id,
        pilot=pilot,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        method=method or pilot.method,
        days_per_week=days_per_week,
        half_days=half_days,
        initial_yen=initial_yen,
        monthly_yen=monthly_yen,
        explanation=explanation.strip(),
        requested_by=by,
        **evidence,
    )
    _set_departments(expansion, departments)
    record(by, "expansion.requested", expansion, pilot=pilot.pk, evidence=expansion.evidence_hash)
    submit_expansion(expansion, by=by, now=now)
    return expansion


@operation
def change_expansion(
    expansion: Expansion,
    *,
    edition: int,
    departments: Iterable[Department],
    explanation: str,
    by: Member,
    now: datetime,
    **values: Any,
) -> Expansion:
    """Change a returned expansion (下書き); the evidence is measured and frozen again."""
    require(may_change_expansion(by, expansion))
    require_draft(expansion)
    departments = list(departments)
    first, last = (
        values.get("starts_on", expansion.starts_on),
        values.get("ends_on", expansion.ends_on),
    )
    check_departments(expansion.pilot, departments, first, last)
    evidence = frozen(expansion.pilot, departments, explanation, now)
    change(expansion, edition=edition, explanation=explanation.strip(), **values, **evidence)
    _set_departments(expansion, departments)
    record(by, "expansion.changed", expansion, evidence=expansion.evidence_hash)
    return expansion


@operation
def submit_expansion(expansion: Expansion, *, by: Member, now: datetime) -> Decision:
    """決裁に回す: the first time, or again after 差戻し with the frozen evidence."""
    require(may_change_expansion(by, expansion))
    require_draft(expansion)
    return put_to_decision(EXPANSION, expansion, title=decision_title(expansion), by=by, now=now)


def decision_title(expansion: Expansion) -> str:
    """Title of the decision, such as 第2期試行への展開(税務課・子育て支援課); departments in the name are not
    repeated.
    """
    names = [row.name for row in expansion.places]
    with override("ja"):
        if all(name in expansion.name for name in names):
            return _("%(name)sへの展開") % {"name": expansion.name}
        return _("%(name)sへの展開(%(departments)s)") % {
            "name": expansion.name,
            "departments": "・".join(names),
        }


def require_draft(expansion: Expansion) -> None:
    """Raises Conflict unless the expansion was returned and can be changed."""
    if expansion.state != Expansion.State.DRAFT:
        raise Conflict(
            _("「%(state)s」の展開申請は変更できません。差し戻されたときだけ変更できます。")
            % {"state": expansion.get_state_display()},
            expansion.get_absolute_url(),
        )


def frozen(
    pilot: Pilot, departments: list[Department], explanation: str, now: datetime
) -> dict[str, Any]:
    """Evidence with its hash and time. Raises Conflict when it is weak and there is no explanation."""
    evidence = measure_evidence(pilot, departments, now=now)
    weak = weakness(evidence)
    if weak and not explanation.strip():
        raise Conflict(
            _("%(weak)s。その理由と対応を「起案者の説明」に入力してください。") % {"weak": weak}
        )
    return {"evidence": evidence, "evidence_hash": digest(evidence), "evidence_at": now}


def require_expandable(pilot: Pilot) -> None:
    """Raises Conflict unless the pilot is running or being evaluated, has criteria, and no
    expansion of it is open.
    """
    if not pilot.is_started:
        raise Conflict(
            _("展開を申請できるのは、実施中または評価中の試行だけです。"), pilot.get_absolute_url()
        )
    if not pilot.rows_of_criteria:
        raise Conflict(
            _("成功の基準がない試行からは、展開を申請できません。"), pilot.get_absolute_url()
        )
    if pilot.expansions.filter(state__in=Expansion.OPEN).exists():
        raise Conflict(_("この試行の展開申請は、すでに決裁の途中です。"), pilot.get_absolute_url())


def check_departments(
    pilot: Pilot, departments: list[Department], starts_on: date, ends_on: date
) -> None:
    """Raises Conflict without departments, for days in the wrong order, and for departments that
    have a pilot already.
    """
    if not departments:
        raise Conflict(_("対象部署を1つ以上選んでください。"))
    if ends_on < starts_on:
        raise Conflict(_("終了日は開始日以後の日にしてください。"))
    if busy := trying(pilot, starts_on, ends_on, departments):
        raise Conflict(
            _("%(names)sは、この期間にすでに試行の対象です。")
            % {"names": joined(row.name for row in busy)}
        )


def trying(
    pilot: Pilot, starts_on: date, ends_on: date, departments: Iterable[Department]
) -> list[Department]:
    """Departments that take part in this pilot, or in another one at that time."""
    rows = PilotDepartment.objects.filter(
        pilot__kind=PilotKind.DEPARTMENT,
        pilot__starts_on__lte=ends_on,
        pilot__ends_on__gte=starts_on,
    )
    busy = set(
        rows.filter(department__in=departments)
        .exclude(pilot__state=Pilot.State.FINISHED)
        .values_list("department", flat=True)
    )
    busy |= {row.pk for row in pilot.places}
    return [row for row in departments if row.pk in busy]


def _set_departments(expansion: Expansion, departments: list[Department]) -> None:
    expansion.department_rows.all().delete()
    ExpansionDepartment.objects.bulk_create(
        ExpansionDepartment(
            municipality_id=expansion.municipality_id, expansion=expansion, department=row
        )
        for row in departments
    )
    expansion.places = sorted(departments, key=lambda row: row.path)


def expansion_decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Act on an approved decision."""
    expansion_approved(Expansion.objects.get(pk=decision.subject_id), by=by, now=now)


@operation
def expansion_approved(expansion: Expansion, *, by: Member | None, now: datetime) -> list[Pilot]:
    """Make the next pilots: one per department, 承認, with the same criteria fixed now. Exactly
    once, whoever comes twice.

    Raises Conflict when the evidence is not what was frozen. A pilot in evaluation ends with 展開.
    """
    if digest(expansion.evidence) != expansion.evidence_hash:
        raise Conflict(_("根拠が、固定したときの照合値と一致しません。事務局に連絡してください。"))
    move(expansion, Expansion.State.APPROVED, decided_at=now)
    pilots = [
        _next_pilot(expansion, row, now)
        for row in expansion.department_rows.select_related("department").order_by(
            "department__path"
        )
    ]
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
    move(
        source,
        Pilot.State.FINISHED,
        outcome=Pilot.Outcome.EXPAND,
        outcome_note=note,
        finished_at=now,
    )
    record(
        by, "pilot.finished", source, municipality=source.municipality_id, outcome=source.outcome
    )


def _next_pilot(expansion: Expansion, row: ExpansionDepartment, now: datetime) -> Pilot:
    source, department = expansion.pilot, row.department
    managers = nearest_holders("manager", department.path, timezone.localdate(now))
    pilot = Pilot.objects.create(
        municipality_id=expansion.municipality_id,
        name=pilot_name(expansion, department),
        kind=PilotKind.DEPARTMENT,
        purpose=source.purpose,
        scope=source.scope,
        starts_on=expansion.starts_on,
        ends_on=expansion.ends_on,
        method=expansion.method,
        days_per_week=expansion.days_per_week,
        half_days=expansion.half_days,
        lead=managers[0] if managers else source.lead,
        expansion=expansion,
        state=Pilot.State.APPROVED,
        planned_at=now,
    )
    set_departments(pilot, [department])
    _take_over_criteria(source, pilot, now)
    ExpansionDepartment.objects.filter(pk=row.pk, pilot=None).update(pilot=pilot)
    notify(pilot.lead, "pilots.widened", pilot, now=now, title=pilot.name)
    return pilot


def pilot_name(expansion: Expansion, department: Department) -> str:
    """第2期試行 for a single department, else 第2期試行(税務課): brackets in the name are replaced by those
    with the department.
    """
    if len(expansion.places) == 1:
        return expansion.name
    return f"{BRACKETS.sub('', expansion.name)}({department.name})"


def _take_over_criteria(source: Pilot, pilot: Pilot, now: datetime) -> None:
    SuccessCriterion.objects.bulk_create(
        SuccessCriterion(
            municipality_id=pilot.municipality_id,
            pilot=pilot,
            indicator=row.indicator,
            direction=row.direction,
            threshold=row.threshold,
            fixed_at=now,
        )
        for row in source.rows_of_criteria
    )
