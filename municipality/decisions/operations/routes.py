"""Choosing the route (決裁経路) of a decision, and creating its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.decisions.approvers import Place
from municipality.decisions.models import Decision, RouteTemplate, Step, StepKind, Superior
from municipality.decisions.route_plan import (
    Draft,
    PlannedStep,
    is_over,
    plan_route,
    problems_of,
    unusable,
)
from municipality.organisation.leadership import acting_posting
from municipality.organisation.models import Department, Member, Post

PlannedRoute = tuple[RouteTemplate, list[PlannedStep]]

NOT_POSTED = gettext_lazy(
    "発令がないため起案できません。事務局が人事情報を確認する必要があります。"
)


def planned_routes(decision: Decision | Draft, day: date) -> list[PlannedRoute]:
    """The routes among which the drafter chooses, each with its stages of the day: those that bind;
    where the drafter would decide on all of these, the next ones that a higher post decides.
    """
    binding, *others = _by_strength(decision) or [[]]
    planned = _planned(decision, binding, day)
    own = [post.rank for _route, plan in planned for post in _own_deciding_posts(plan)]
    if not own or not all(unusable(route, plan) for route, plan in planned):
        return planned
    for routes in others:
        higher = [
            (route, plan)
            for route, plan in _planned(decision, routes, day)
            if not unusable(route, plan) and _is_decided_above(plan, min(own))
        ]
        if higher:
            return higher
    return planned


def _by_strength(decision: Decision | Draft) -> list[list[RouteTemplate]]:
    """The routes whose conditions the matter meets, the binding ones first. A route with conditions
    binds before those without: the greatest amount first, then the kind of the matter (`variant`),
    then the department nearest to the drafter's.
    """
    rows = RouteTemplate.objects.of(decision.municipality_id).filter(
        matter=decision.matter, is_active=True
    )
    by_strength: dict[tuple[int, bool, int], list[RouteTemplate]] = {}
    for row in rows.select_related("department").order_by("pk"):
        if _fits(row, decision):
            by_strength.setdefault(_strength(row), []).append(row)
    return [by_strength[strength] for strength in sorted(by_strength, reverse=True)]


def _planned(
    decision: Decision | Draft, routes: list[RouteTemplate], day: date
) -> list[PlannedRoute]:
    return [(route, plan_route(decision, route, day, {})) for route in routes]


def _own_deciding_posts(plan: list[PlannedStep]) -> list[Post]:
    return [
        step.post for step in plan if step.kind == StepKind.DECIDE and step.is_own and step.post
    ]


def _is_decided_above(plan: list[PlannedStep], rank: int) -> bool:
    """Does a post above this rank decide? The mayor has the lowest number."""
    deciders = [step.post for step in plan if step.kind == StepKind.DECIDE and step.post]
    return any(post.rank < rank for post in deciders)


def _fits(route: RouteTemplate, decision: Decision | Draft) -> bool:
    if route.department is not None and not decision.department.path.startswith(
        route.department.path
    ):
        return False
    if route.variant and route.variant != variant_of(decision):
        return False
    return route.least_yen is None or route.least_yen <= yen_of(decision)


def _strength(route: RouteTemplate) -> tuple[int, bool, int]:
    near = len(route.department.path) if route.department else 0
    return route.least_yen or 0, bool(route.variant), near


def yen_of(decision: Decision | Draft) -> int:
    """Cost of the subject in yen; 0 where its app gives none."""
    yen = subjects()[decision.matter].yen
    return yen(decision.subject_id) if yen else 0


def variant_of(decision: Decision | Draft) -> str:
    """Which kind of its matter the subject is; empty where its app knows none."""
    variant = subjects()[decision.matter].variant
    return variant(decision.subject_id) if variant else ""


def chosen_route(decision: Decision, route: RouteTemplate | None, day: date) -> RouteTemplate:
    """The chosen route; without a choice the one used before, else the first. Raises Conflict when
    no route is set or the chosen one does not apply.
    """
    fitting = [row for row, _plan in planned_routes(decision, day)]
    if not fitting:
        raise Conflict(_("この対象の決裁経路が登録されていません。事務局が設定してください。"))
    if route is None:
        return next((row for row in fitting if row.name == decision.route), fitting[0])
    if route not in fitting:
        raise Conflict(_("この件では、決裁区分「%(route)s」を選べません。") % {"route": route.name})
    return route


def drafting_department(by: Member, day: date) -> Department | None:
    """The department in which the member drafts on that day; None for who is not there."""
    posting = acting_posting(by, day)
    return posting.department if posting else None


def why_not_draft(
    matter: str, subject_id: int, *, by: Member, day: date, department: Department | None = None
) -> str:
    """Why nothing that this member drafts can be sent; empty when a route can be taken, and where
    none is set yet. It is drafted in `department`, else where the member acts from that day.
    """
    department = department or drafting_department(by, day)
    if department is None:
        return str(NOT_POSTED)
    return why_not_draft_in(department, matter, subject_id, by=by, day=day)


def why_not_draft_in(
    department: Department, matter: str, subject_id: int, *, by: Member, day: date
) -> str:
    """Why nothing that the member drafts in this department can be sent: the reason of each route
    among which they would choose, and what to do.
    """
    draft = Draft(by.municipality_id, matter, subject_id, by.pk, department)
    planned = planned_routes(draft, day)
    reasons = [unusable(route, plan) for route, plan in planned]
    if not planned or not all(reasons):
        return ""
    way_out = _(
        "決裁者でない職員が起案するか、上位の職位が決裁する決裁経路を事務局が登録すると、決裁に回せます。"
    )
    return " ".join([*reasons, way_out])


def lay_route(
    decision: Decision,
    route: RouteTemplate,
    *,
    now: datetime,
    stand_ins: Mapping[str, Place] | None = None,
) -> list[Step]:
    """Make the steps of the decision's present revision, each bound to a post in a department.

    None is left out: `stand_ins` are the posts that the drafter chose for stages whose post does
    not exist. Raises Conflict with what to do while a stage has nobody who could ever act.
    """
    plan = plan_route(decision, route, timezone.localdate(now), stand_ins or {})
    for _key, reason in problems_of(route, plan):
        raise Conflict(reason, decision.get_absolute_url())
    laid = Step.objects.bulk_create(
        new_step(decision, planned, route.open_days) for planned in plan
    )
    Superior.objects.bulk_create(row for step in laid for row in _superiors(step, laid))
    return laid


def _superiors(step: Step, steps: list[Step]) -> list[Superior]:
    """Superior posts of the route above the step's department, the nearest first: they may approve
    in its place (引上げ).
    """
    if step.kind == StepKind.DECIDE:
        return []
    later = sorted(
        (row for row in steps if row.order > step.order), key=lambda row: (row.order, row.pk)
    )
    return [
        Superior(
            municipality_id=step.municipality_id,
            step=step,
            department=row.department,
            post=row.post,
            distance=number,
        )
        for number, row in enumerate((row for row in later if is_over(row, step)), 1)
    ]


def new_step(decision: Decision, stage: PlannedStep | Step, days: int) -> Step:
    """An unsaved step of the decision's present revision that asks the post of `stage`: a planned
    one, or an earlier step that is asked again. `days` are the open days it has.
    """
    return Step(
        municipality_id=decision.municipality_id,
        decision=decision,
        revision=decision.revision,
        order=stage.order,
        kind=stage.kind,
        department=stage.department,
        post=stage.post,
        days=days,
        instead_of=stage.instead_of,
    )
