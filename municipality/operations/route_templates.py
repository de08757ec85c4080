"""Setting the routes of decisions (決裁経路). What is on its way keeps the steps it was laid out with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from municipality.models import Department, Member, Municipality, Post, RouteStep, RouteTemplate
from municipality.rules import is_office, require

from .history import operation, record


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
    record(by, "route.set", route, matter=matter, open_days=open_days, steps=[str(stage.post) for stage in stages])
    return route


@operation
def stop_route(route: RouteTemplate, *, by: Member, now: datetime) -> RouteTemplate:
    """Use a route no more: new decisions of its matter wait until another is set."""
    require(is_office(by))
    RouteTemplate.objects.filter(pk=route.pk).update(is_active=False)
    route.is_active = False
    record(by, "route.stopped", route, matter=route.matter)
    return route
