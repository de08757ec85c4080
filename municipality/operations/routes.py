"""Routes (決裁経路): the template of a matter, and its steps laid out for one decision."""

from __future__ import annotations

from django.utils.translation import gettext as _

from municipality.models import Decision, Department, Post, RouteStep, RouteTemplate, Step
from municipality.rules import Conflict


def route_for(decision: Decision) -> RouteTemplate:
    """The body's route for the matter in use. Raises Conflict when the office has set none."""
    route = (
        RouteTemplate.objects.of(decision.municipality_id)
        .filter(matter=decision.matter, is_active=True)
        .order_by("pk")
        .first()
    )
    if route is None:
        raise Conflict(_("この対象の決裁経路が登録されていません。事務局が設定してください。"))
    return route


def lay_route(decision: Decision, route: RouteTemplate) -> list[Step]:
    """Make the steps of the decision's present revision, each bound to a post in a department.

    A relative post is the nearest one at or above the drafter's department; one that exists nowhere there is left out,
    since a town without 部長 simply has no such step. Raises Conflict when nothing is left.
    """
    steps = []
    for template in route.steps.select_related("post", "department"):
        department = template.department or nearest_with_post(decision.department, template.post)
        if department is not None:
            steps.append(_step(decision, route, template, department))
    if not steps:
        raise Conflict(_("決裁経路「%(route)s」に、決裁できる職位がありません。") % {"route": route.name})
    return Step.objects.bulk_create(steps)


def _step(decision: Decision, route: RouteTemplate, template: RouteStep, department: Department) -> Step:
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


def nearest_with_post(department: Department, post: Post) -> Department | None:
    """The department itself or the nearest above it in which somebody holds or held the post."""
    found = Department.objects.filter(path__in=department.ancestor_paths, postings__post=post).distinct()
    return max(found, key=lambda row: len(row.path), default=None)
