"""Setting the routes of decisions (決裁経路). What is on its way keeps the steps it was laid out with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from municipality.models import Department, Member, Municipality, Post, RouteStep, RouteTemplate
from municipality.rules import is_office, require

from .history import operation, record
from .setting_versions import keeping


@dataclass(frozen=True)
class Stage:
    """One stage of a route as the office writes it; without a department it is the nearest one that has the post."""

    order: int
    kind: str
    post: Post
    department: Department | None = None


@operation
def set_route(
    body: Municipality, *, matter: str, name: str, open_days: int, stages: list[Stage], by: Member, now: datetime
) -> RouteTemplate:
    """Set the route of a matter; it takes the place of the one in use. A route of the same name is written anew."""
    require(is_office(by))
    with keeping(body, f"route:{matter}", lambda: route_in_use(body, matter), by=by, now=now):
        route = _lay(body, matter, name, open_days, stages)
        record(by, "route.set", route, matter=matter, open_days=open_days, steps=[str(stage.post) for stage in stages])
    return route


def route_in_use(body: Municipality, matter: str) -> dict[str, Any]:
    """The route of a matter as it is set; empty without one."""
    route = RouteTemplate.objects.of(body).filter(matter=matter, is_active=True).order_by("-pk").first()
    if route is None:
        return {}
    steps = route.steps.select_related("post", "department").order_by("order", "pk")
    laid = [[step.order, step.kind, str(step.department or ""), step.post.title] for step in steps]
    return {"name": route.name, "open_days": route.open_days, "steps": laid}


def _lay(body: Municipality, matter: str, name: str, open_days: int, stages: list[Stage]) -> RouteTemplate:
    RouteTemplate.objects.of(body).filter(matter=matter, is_active=True).update(is_active=False)
    route, _created = RouteTemplate.objects.update_or_create(
        municipality=body, matter=matter, name=name, defaults={"open_days": open_days, "is_active": True}
    )
    route.steps.all().delete()
    RouteStep.objects.bulk_create(
        RouteStep(
            municipality=body,
            template=route,
            order=stage.order,
            kind=stage.kind,
            post=stage.post,
            department=stage.department,
        )
        for stage in stages
    )
    return route


@operation
def stop_route(route: RouteTemplate, *, by: Member, now: datetime) -> RouteTemplate:
    """Use a route no more: new decisions of its matter wait until another is set."""
    require(is_office(by))
    body, matter = route.municipality, route.matter
    with keeping(body, f"route:{matter}", lambda: route_in_use(body, matter), by=by, now=now):
        RouteTemplate.objects.filter(pk=route.pk).update(is_active=False)
        route.is_active = False
        record(by, "route.stopped", route, matter=matter)
    return route
