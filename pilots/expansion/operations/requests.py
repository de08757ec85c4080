"""Requesting an expansion on frozen evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.audit.log import operation, record
from municipality.core.name_lists import all_names
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.core.worded import said
from municipality.decisions.models import Decision
from municipality.decisions.operations.route_requests import ask_for_route
from municipality.organisation.models import Department, Member
from municipality.organisation.open_days import open_days
from pilots.expansion.evidence import condition_words, measure_evidence, unexplained_words
from pilots.expansion.operations.plans import require_draft, require_reach, set_departments
from pilots.expansion.rules import may_change_expansion, may_expand
from pilots.planning.checks import Busy, busy_departments, busy_words, held_twice_words
from pilots.planning.decisions import draft_of, put_to_decision
from pilots.planning.models import Expansion, Pilot
from pilots.planning.operations import hold, refuse_days
from pilots.planning.readiness import exceptions_not_shown
from pilots.results.evidence import digest
from rollout.readiness.queries import NotReady, Ready, readiness_of_all

EXPANSION = "pilots.expansion"


@operation
def request_expansion(pilot: Pilot, *, by: Member, now: datetime, **values: Any) -> Expansion:
    """Apply for an expansion and put it to decision at once, along the route that binds."""
    expansion = apply_for_expansion(pilot, by=by, now=now, **values)
    submit_expansion(expansion, by=by, now=now)
    return expansion


@operation
def draft_application(pilot: Pilot, *, by: Member, now: datetime, **values: Any) -> Decision:
    """Apply for an expansion and draft its decision: both or, where no route can be taken,
    neither.
    """
    expansion = apply_for_expansion(pilot, by=by, now=now, **values)
    return draft_expansion(expansion, by=by, now=now)


@operation
def apply_for_expansion(
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
    """Measure and freeze the evidence of an application (下書き). Only from 実施中 (interim) or
    評価中.

    Raises Conflict without criteria, while another application of the pilot is open, for a
    department that is trying telework already, and without an explanation when a criterion is not
    met or cannot be judged.
    """
    require(may_expand(by, pilot))
    hold(pilot)
    departments = list(departments)
    require_expandable(pilot)
    check_departments(pilot, departments, starts_on, ends_on, now)
    evidence = frozen(pilot, departments, starts_on, explanation, now)
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
    set_departments(expansion, departments, timezone.localdate(now))
    record(by, "expansion.requested", expansion, pilot=pilot.pk, evidence=expansion.evidence_hash)
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
    check_departments(expansion.pilot, departments, first, last, now)
    evidence = frozen(expansion.pilot, departments, first, explanation, now)
    change(expansion, edition=edition, explanation=explanation.strip(), **values, **evidence)
    set_departments(expansion, departments, timezone.localdate(now))
    require_reach(expansion, now)
    record(by, "expansion.changed", expansion, evidence=expansion.evidence_hash)
    return expansion


@operation
def submit_expansion(expansion: Expansion, *, by: Member, now: datetime) -> Decision:
    """決裁に回す: the first time, or again after 差戻し with the frozen evidence."""
    require(may_change_expansion(by, expansion))
    require_draft(expansion)
    return put_to_decision(EXPANSION, expansion, title=decision_title(expansion), by=by, now=now)


@operation
def draft_expansion(expansion: Expansion, *, by: Member, now: datetime) -> Decision:
    """Draft the decision about the application (起案), so that its route is seen before it is
    sent.
    """
    require(may_change_expansion(by, expansion))
    require_draft(expansion)
    return draft_of(EXPANSION, expansion, title=decision_title(expansion), by=by, now=now)


@operation
def ask_for_expansion_route(expansion: Expansion, *, by: Member, now: datetime) -> None:
    """Ask the office to draft in the applicant's stead. Raises Conflict."""
    require(may_change_expansion(by, expansion))
    require_draft(expansion)
    ask_for_route(EXPANSION, expansion, title=decision_title(expansion), by=by, now=now)


def departments_of_expansion(number: int) -> list[Department]:
    """The departments that the expansion with this number adds."""
    return Expansion.objects.get(pk=number).places


def decision_title(expansion: Expansion) -> str:
    """Title of the decision, such as 第2期試行への展開(税務課、子育て支援課); departments in the name are not
    repeated.
    """
    names = [row.name for row in expansion.places]
    if all(name in expansion.name for name in names):
        return said(gettext_lazy("%(name)sへの展開"), name=expansion.name)
    return said(
        gettext_lazy("%(name)sへの展開(%(departments)s)"),
        name=expansion.name,
        departments=all_names(names),
    )


def frozen(
    pilot: Pilot, departments: list[Department], starts_on: date, explanation: str, now: datetime
) -> dict[str, Any]:
    """The evidence with its hash and time. Raises Conflict when a 必須条件 of a department is open on
    the day of the start, and when the evidence is weak and nobody explains why one asks all the
    same.
    """
    refuse_open_conditions(departments, max(timezone.localdate(now), starts_on))
    evidence = measure_evidence(pilot, departments, now=now)
    if words := unexplained_words(evidence, explanation):
        raise Conflict(words)
    return {"evidence": evidence, "evidence_hash": digest(evidence), "evidence_at": now}


def refuse_open_conditions(departments: list[Department], on: date) -> list[Ready | NotReady]:
    """Raise Conflict, with the place that mends it, when a 必須条件 of a department is not met and not
    passed over; how the departments stand.
    """
    answers = list(readiness_of_all(departments, on).values())
    for answer in answers:
        for reason in answer.open_conditions:
            raise Conflict(condition_words(reason), reason.address)
    return answers


def require_conditions(expansion: Expansion, on: date) -> None:
    """Raise Conflict when a 必須条件 is open, or was passed over after the evidence was frozen, or
    anew on other terms: who decides is to read the reason in what they decide on.
    """
    answers = refuse_open_conditions(expansion.places, max(on, expansion.starts_on))
    for each in exceptions_not_shown(answers, expansion.evidence["departments"]):
        raise Conflict(
            _(
                "%(department)sの必須条件「%(code)s %(name)s」の例外は、根拠を固定した後に承認されました。"
                "差し戻して、根拠を固定し直してください。"
            )
            % ({"department": each["of"]} | each),
            expansion.get_absolute_url(),
        )


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
    if open_one := pilot.expansions.filter(state__in=Expansion.OPEN).first():
        raise Conflict(_open_words(open_one), pilot.get_absolute_url())


def _open_words(expansion: Expansion) -> str:
    """What is open of the pilot already, and so what to do."""
    if expansion.state == Expansion.State.DRAFT:
        return _("この試行の展開申請は、すでに下書きがあります。その下書きを直してください。")
    return _("この試行の展開申請は、すでに決裁の途中です。")


def check_departments(
    pilot: Pilot, departments: list[Department], starts_on: date, ends_on: date, now: datetime
) -> None:
    """Raises Conflict without departments, for days that cannot be, and for departments that have a
    pilot already.
    """
    if not departments:
        raise Conflict(_("対象部署を1つ以上選んでください。"))
    if words := held_twice_words(departments):
        raise Conflict(words)
    refuse_days(open_days(pilot.municipality_id), starts_on, ends_on, now)
    if busy := trying(pilot, starts_on, ends_on, departments):
        raise Conflict(busy_words(busy))


def trying(
    pilot: Pilot, starts_on: date, ends_on: date, departments: Iterable[Department]
) -> list[Busy]:
    """Departments that take part in this pilot, or at that time in any, also by what lies above or
    below them.
    """
    departments = list(departments)
    own = {row.pk for row in pilot.places}
    states = set(Pilot.State) - {Pilot.State.FINISHED}
    others = [row for row in departments if row.pk not in own]
    elsewhere = busy_departments(others, starts_on, ends_on, states=states)
    return [Busy.in_pilot(row, pilot) for row in departments if row.pk in own] + elsewhere
