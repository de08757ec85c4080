"""Choosing the route (決裁経路) of a decision, and creating its steps."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.core.refusals import Conflict
from municipality.core.registry import subjects
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import (
    Decision,
    RouteStep,
    RouteTemplate,
    Step,
    StepKind,
    Superior,
    present,
)
from municipality.organisation.models import Department, Post


def routes_for(decision: Decision) -> list[RouteTemplate]:
    """Routes among which the drafter chooses. Routes whose conditions are met come before those
    without conditions: the greatest amount first, then the department nearest to the drafter's.
    """
    rows = RouteTemplate.objects.of(decision.municipality_id).filter(
        matter=decision.matter, is_active=True
    )
    fitting = [
        row for row in rows.select_related("department").order_by("pk") if _fits(row, decision)
    ]
    strongest = max((_strength(row) for row in fitting), default=None)
    return [row for row in fitting if _strength(row) == strongest]


def _fits(route: RouteTemplate, decision: Decision) -> bool:
    if route.department is not None and not decision.department.path.startswith(
        route.department.path
    ):
        return False
    return route.least_yen is None or route.least_yen <= yen_of(decision)


def _strength(route: RouteTemplate) -> tuple[int, int]:
    return route.least_yen or 0, len(route.department.path) if route.department else 0


def yen_of(decision: Decision) -> int:
    """Cost of the subject in yen; 0 where its app gives none."""
    yen = subjects()[decision.matter].yen
    return yen(decision.subject_id) if yen else 0


def chosen_route(decision: Decision, route: RouteTemplate | None) -> RouteTemplate:
    """The chosen route; without a choice the one used before, else the first. Raises Conflict when
    no route is set or the chosen one does not apply.
    """
    fitting = routes_for(decision)
    if not fitting:
        raise Conflict(_("この対象の決裁経路が登録されていません。事務局が設定してください。"))
    if route is None:
        return next((row for row in fitting if row.name == decision.route), fitting[0])
    if route not in fitting:
        raise Conflict(_("この件では、決裁区分「%(route)s」を選べません。") % {"route": route.name})
    return route


def lay_route(decision: Decision, route: RouteTemplate, *, now: datetime) -> list[Step]:
    """Make the steps of the decision's present revision, each bound to a post in a department.

    A relative post is the nearest one at or above the drafter's department; one that exists nowhere
    there is left out, since a town without 部長 simply has no such step. Raises Conflict when
    nobody is left to decide.
    """
    steps = []
    for template in route.steps.select_related("post", "department"):
        department = template.department or nearest_with_post(
            decision.department, template.post, now
        )
        if department is not None:
            steps.append(_step(decision, route, template, department))
    _require_a_decider(decision, route, steps, now)
    laid = Step.objects.bulk_create(steps)
    Superior.objects.bulk_create(row for step in laid for row in _superiors(step, laid))
    return laid


def _require_a_decider(
    decision: Decision, route: RouteTemplate, steps: list[Step], now: datetime
) -> None:
    """Raises Conflict when the drafter would be the only decider: nobody decides their own draft,
    so another 決裁区分 has to be chosen.
    """
    if not any(step.kind == StepKind.DECIDE for step in steps):
        raise Conflict(
            _("決裁経路「%(route)s」に、決裁できる職位がありません。") % {"route": route.name}
        )
    actors = StepActors.of(steps, timezone.localdate(now))
    for step in steps:
        if step.kind == StepKind.DECIDE and actors.holders(step) == [decision.drafter_id]:
            raise Conflict(
                _(
                    "決裁経路「%(route)s」の決裁者は、起案者自身です。上位の職位が決裁する決裁区分を選んでください。"
                )
                % {"route": route.name}
            )


def _superiors(step: Step, steps: list[Step]) -> list[Superior]:
    """Superior posts of the route above the step's department, the nearest first: they may approve
    in its place (引上げ).
    """
    if step.kind == StepKind.DECIDE:
        return []
    later = sorted(
        (row for row in steps if row.order > step.order), key=lambda row: (row.order, row.pk)
    )
    over = [row for row in later if row.kind != StepKind.AGREE and _is_over(row, step)]
    return [
        Superior(
            municipality_id=step.municipality_id,
            step=step,
            department=row.department,
            post=row.post,
            distance=number,
        )
        for number, row in enumerate(over, 1)
    ]


def _is_over(row: Step, step: Step) -> bool:
    return row.post.rank < step.post.rank and step.department.path.startswith(row.department.path)


def _step(
    decision: Decision, route: RouteTemplate, template: RouteStep, department: Department
) -> Step:
    return Step(
        municipality_id=decision.municipality_id,
        decision=decision,
        revision=decision.revision,
        order=template.order,
        kind=template.kind,
        department=department,
        post=template.post,
        days=route.open_days,
    )


def nearest_with_post(department: Department, post: Post, now: datetime) -> Department | None:
    """The department itself or the nearest one above in which somebody holds the post; when nobody
    holds it now, somebody held it.
    """
    above = Department.objects.filter(path__in=department.ancestor_paths, postings__post=post)
    there = present(timezone.localdate(now)).filter(post=post)
    candidates = list(above.filter(postings__in=there).distinct()) or list(above.distinct())
    return max(candidates, key=lambda row: len(row.path), default=None)
