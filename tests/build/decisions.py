"""Decisions of an invented matter, so that the ground floor is tested without the apps above
it.
"""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipality.core.registry import Subject
from municipality.decisions.models import Decision, Deputy, RouteStep, RouteTemplate, Step
from municipality.decisions.operations.decisions import draft_decision, submit_decision
from municipality.decisions.operations.routes import planned_routes
from municipality.organisation.models import Department, Member, Post

from .municipality import APRIL, a_body, a_department, a_member, at, root_of

MATTER = "test.matter"
calls: list[tuple[str, int]] = []
content = {
    "lead": "次のとおり実施してよろしいか伺います。",
    "spec": [["対象部署", "総務課"]],
    "tables": [],
}


def a_subject(**more) -> Subject:
    """A subject that notes in `calls` what became of its decisions; `more` is what it tells for its
    route.
    """
    return Subject(
        MATTER,
        _("試験の件"),
        "municipality:decision",
        lambda pk, today: {**content},
        decided=lambda decision, by, now: calls.append(("decided", decision.pk)),
        returned=lambda decision, by, now: calls.append(("returned", decision.pk)),
        ended=lambda decision, by, now: calls.append(("ended", decision.pk)),
        **more,
    )


def a_town() -> SimpleNamespace:
    """総務課 and 税務課 with a 課長 each, and the 町長 at the top."""
    body = a_body()
    root = root_of(body)
    soumu = a_department(body, "総務課", code="0100")
    zeimu = a_department(body, "税務課", code="0200")
    return SimpleNamespace(
        body=body,
        root=root,
        soumu=soumu,
        zeimu=zeimu,
        chief=a_member(soumu, "manager", name="髙瀬 由紀", post="課長"),
        tax=a_member(zeimu, "manager", name="木戸 明里", post="課長"),
        mayor=a_member(root, "executive", name="雨宮 登", post="町長"),
    )


def a_route(
    department: Department, *stages: tuple, matter: str = MATTER, name: str = "町長決裁"
) -> RouteTemplate:
    """A route of stages (order, kind, post title, department or None for the nearest above the
    drafter); without a title the managers of the subject's departments.
    """
    body = department.municipality
    route = RouteTemplate.objects.create(municipality=body, matter=matter, name=name)
    for order, kind, title, place in stages:
        post = Post.objects.get(municipality=body, title=title) if title else None
        RouteStep.objects.create(
            municipality=body, template=route, order=order, kind=kind, post=post, department=place
        )
    return route


def a_draft(
    drafter: Member, department: Department, *, subject_id: int = 1, now: datetime | None = None
) -> Decision:
    """A decision in draft."""
    return draft_decision(
        MATTER,
        subject_id,
        title="第2期試行への展開",
        by=drafter,
        now=now or at(2026, 11, 4),
        department=department,
    )


def a_running(
    drafter: Member, department: Department, *, subject_id: int = 1, now: datetime | None = None
) -> Decision:
    """A decision on its way."""
    moment = now or at(2026, 11, 4)
    return submit_decision(
        a_draft(drafter, department, subject_id=subject_id, now=moment), by=drafter, now=moment
    )


def routes_for(decision: Decision) -> list[RouteTemplate]:
    """The routes among which its drafter chooses."""
    planned = planned_routes(decision, timezone.localdate(decision.drafted_at))
    return [route for route, _plan in planned]


def step_of(decision: Decision, order: int) -> Step:
    """The step of that order in the present round."""
    return decision.steps.select_related("decision", "post", "department").get(
        revision=decision.revision, order=order, past=False
    )


def a_deputy(member: Member, department: Department, title: str) -> Deputy:
    """The member may decide in place of this post since April."""
    post = Post.objects.get(municipality=department.municipality_id, title=title)
    return Deputy.objects.create(
        municipality_id=department.municipality_id,
        department=department,
        post=post,
        member=member,
        starts_on=APRIL,
    )
