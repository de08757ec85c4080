"""Setting routes of decisions (決裁経路). Decisions that are running keep their steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.decisions.models import RouteStep, RouteTemplate
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office


@dataclass(frozen=True)
class RouteStage:
    """One stage of a route. Without a department it is the nearest department that has the post."""

    order: int
    kind: str
    post: Post
    department: Department | None = None


@operation
def set_route(
    body: Municipality,
    *,
    matter: str,
    name: str,
    open_days: int,
    stages: list[RouteStage],
    by: Member,
    now: datetime,
    department: Department | None = None,
    least_yen: int | None = None,
) -> RouteTemplate:
    """Set a route (決裁区分) of a matter, beside its other routes. A route of the same name is
    replaced.
    """
    require(is_office(by))
    values = {
        "open_days": open_days,
        "is_active": True,
        "department": department,
        "least_yen": least_yen,
    }
    with keeping(body, f"route:{matter}", lambda: routes_in_use(body, matter), by=by, now=now):
        route, _created = RouteTemplate.objects.update_or_create(
            municipality=body, matter=matter, name=name, defaults=values
        )
        route.steps.all().delete()
        RouteStep.objects.bulk_create(_row(route, stage) for stage in stages)
        record(
            by,
            "route.set",
            route,
            matter=matter,
            open_days=open_days,
            steps=[str(stage.post) for stage in stages],
        )
    return route


def routes_in_use(body: Municipality, matter: str) -> dict[str, Any]:
    """Routes of a matter by name, with days, department, amount and steps; empty without one."""
    rows = (
        RouteTemplate.objects.of(body)
        .filter(matter=matter, is_active=True)
        .select_related("department")
    )
    return {
        route.name: _as_kept(route)
        for route in rows.prefetch_related("steps__post", "steps__department")
    }


def _as_kept(route: RouteTemplate) -> list[Any]:
    steps = sorted(route.steps.all(), key=lambda step: (step.order, step.pk))
    laid = [[step.order, step.kind, str(step.department or ""), step.post.title] for step in steps]
    return [route.open_days, str(route.department or ""), route.least_yen, laid]


def _row(route: RouteTemplate, stage: RouteStage) -> RouteStep:
    return RouteStep(
        municipality_id=route.municipality_id,
        template=route,
        order=stage.order,
        kind=stage.kind,
        post=stage.post,
        department=stage.department,
    )


@operation
def stop_route(route: RouteTemplate, *, by: Member, now: datetime) -> RouteTemplate:
    """Stop using a route: new decisions of its matter wait until another one is set."""
    require(is_office(by))
    body, matter = route.municipality, route.matter
    with keeping(body, f"route:{matter}", lambda: routes_in_use(body, matter), by=by, now=now):
        RouteTemplate.objects.filter(pk=route.pk).update(is_active=False)
        route.is_active = False
        record(by, "route.stopped", route, matter=matter)
    return route
