"""Setting routes of decisions (決裁経路). Decisions that are running keep their steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.decisions.models import RouteStep, RouteTemplate
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office


@dataclass(frozen=True)
class RouteStage:
    """One stage of a route as the office writes it; without a department it is the nearest one that
    has the post, without a post the managers of the subject's departments.
    """

    order: int
    kind: str
    post: Post | None = None
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
    variant: str = "",
) -> RouteTemplate:
    """Set a route (決裁区分) of a matter, beside the others of the matter. One of the same name is
    written anew. Raises Conflict when another one asks for the same conditions.
    """
    require(is_office(by))
    values: dict[str, Any] = {"department": department, "least_yen": least_yen, "variant": variant}
    if equal := equal_route(body, matter=matter, name=name, **values):
        raise Conflict(equal_words(equal))
    values |= {"open_days": open_days, "is_active": True}
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
            steps=[str(stage.post or "managers") for stage in stages],
        )
    return route


def equal_route(
    body: Municipality,
    *,
    matter: str,
    name: str,
    department: Department | None,
    least_yen: int | None,
    variant: str,
) -> RouteTemplate | None:
    """Another route in use that binds on the very same conditions, so that nobody could say which
    of the two is taken. Without conditions the drafter chooses.
    """
    if not (department or least_yen or variant):
        return None
    rows = RouteTemplate.objects.of(body).filter(matter=matter, is_active=True, variant=variant)
    same = rows.filter(department=department, least_yen=least_yen).exclude(name=name)
    return same.first()


def equal_words(route: RouteTemplate) -> str:
    """Why a second route on the same conditions is refused."""
    return _(
        "決裁区分「%(name)s」と条件が同じです。条件を変えるか、「%(name)s」の使用をやめてください。"
    ) % {"name": route.name}


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
    laid = [
        [step.order, step.kind, str(step.department or ""), str(step.post or "")] for step in steps
    ]
    return [route.open_days, str(route.department or ""), route.least_yen, laid, route.variant]


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
