"""A route as it would be laid today: each stage with its post and holders, and what is wrong with
it.

The page shows it before the decision is sent, and sending lays the same plan: no stage disappears
in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from municipality.core.registry import subjects
from municipality.decisions.approvers import Place, held_posts
from municipality.decisions.models import Decision, RouteStep, RouteTemplate, StepKind
from municipality.organisation.leadership import leading_postings
from municipality.organisation.models import SUBTREE, Department, Post, Posting


@dataclass(frozen=True)
class Draft:
    """What a decision would be, as far as its route depends on it: who drafts what, and where."""

    municipality_id: str
    matter: str
    subject_id: int
    drafter_id: int
    department: Department


@dataclass(frozen=True)
class PlannedStep:
    """One stage of a route for one decision. Without `post` nothing was found, and `instead_of`
    names what is missing: a post, or a department without a manager; with both, the drafter chose
    this post in its stead. `base` is the department from which one looks upward.
    """

    key: str
    order: int
    kind: str
    base: Department
    department: Department | None = None
    post: Post | None = None
    wanted: Post | None = None
    instead_of: str = ""
    names: tuple[str, ...] = ()
    is_own: bool = False
    is_vacant: bool = False
    is_away: bool = False
    raised_by: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def place(self) -> Place:
        """Where it is decided; nowhere (0, 0) while nothing was found."""
        return (self.department.pk, self.post.pk) if self.department and self.post else (0, 0)

    @property
    def is_missing(self) -> bool:
        """Is there no such post, and no other chosen in its stead?"""
        return self.post is None


def plan_route(
    decision: Decision | Draft, route: RouteTemplate, day: date, stand_ins: Mapping[str, Place]
) -> list[PlannedStep]:
    """The stages of the route for this decision, with who holds their posts on the day."""
    stages = list(route.steps.select_related("post", "department"))
    planned = [*_by_post(decision, stages, day), *_by_subject(decision, stages, day)]
    plan = sorted(planned, key=lambda step: step.order)
    if any(step.is_missing for step in plan):
        plan = _with_stand_ins(decision, plan, day, stand_ins)
    return _with_holders(decision, plan, day)


def _by_post(decision: Decision | Draft, stages: list[RouteStep], day: date) -> list[PlannedStep]:
    named = [stage for stage in stages if stage.post is not None]
    relative = {stage.post_id for stage in named if stage.department is None}
    nearest = _nearest(decision.department, relative, day) if relative else {}
    plan = []
    for stage in named:
        department = stage.department or nearest.get(stage.post_id)
        step = PlannedStep(
            str(stage.pk), stage.order, stage.kind, decision.department, wanted=stage.post
        )
        plan.append(
            replace(step, department=department, post=stage.post)
            if department
            else replace(step, instead_of=str(stage.post))
        )
    return plan


def _nearest(department: Department, posts: set[Any], day: date) -> dict[Any, Department]:
    """By post, the department itself or the nearest above it in which somebody holds the post;
    where nobody does now, held it. Two queries.
    """
    nearest: dict[Any, Department] = {}
    for postings in (Posting.objects.present(day), Posting.objects.all()):
        rows = postings.filter(department__path__in=department.ancestor_paths, post__in=posts)
        nearby: dict[Any, Department] = {}
        for row in rows.select_related("department").order_by("department__path"):
            nearby[row.post_id] = row.department
        nearest = {**nearby, **nearest}
    return nearest


def _by_subject(
    decision: Decision | Draft, stages: list[RouteStep], day: date
) -> list[PlannedStep]:
    """A stage for the manager of each department that the subject concerns."""
    asked = [stage for stage in stages if stage.is_of_subject]
    departments = subject_departments(decision) if asked else []
    leading = leading_postings("manager", departments, day) if departments else {}
    plan = []
    for stage in asked:
        if not departments:
            plan.append(PlannedStep(f"{stage.pk}-", stage.order, stage.kind, decision.department))
        for department in departments:
            step = PlannedStep(f"{stage.pk}-{department.pk}", stage.order, stage.kind, department)
            posting = leading.get(department.pk)
            plan.append(
                replace(step, department=department, post=posting.post)
                if posting
                else replace(step, instead_of=department.name)
            )
    return plan


def subject_departments(decision: Decision | Draft) -> list[Department]:
    """The departments that the subject concerns, each once, in the order of the organisation."""
    departments = subjects()[decision.matter].departments
    rows = {row.pk: row for row in departments(decision.subject_id)} if departments else {}
    return sorted(rows.values(), key=lambda row: row.path)


def managers_of_subject(decision: Decision | Draft, day: date) -> list[Posting]:
    """The postings that lead the departments which the subject concerns, in the order of the
    organisation; a department without a manager of its own has none.
    """
    departments = subject_departments(decision)
    leading = leading_postings("manager", departments, day) if departments else {}
    return [leading[row.pk] for row in departments if row.pk in leading]


def not_on_route(plan: list[PlannedStep], managers: list[Posting], drafter: int) -> list[str]:
    """The departments whose managers neither drafted the decision nor hold a stage of its route."""
    places = {step.place for step in plan}
    return [
        str(row.department)
        for row in managers
        if row.member_id != drafter and (row.department_id, row.post_id) not in places
    ]


def _with_stand_ins(
    decision: Decision | Draft, plan: list[PlannedStep], day: date, stand_ins: Mapping[str, Place]
) -> list[PlannedStep]:
    """The missing stages with what the drafter may choose in their stead, and what they chose. Two
    queries.
    """
    missing = [step for step in plan if step.is_missing]
    paths = {path for step in missing if step.instead_of for path in step.base.ancestor_paths}
    wanted = {step.wanted.pk for step in missing if step.wanted}
    rows = Posting.objects.present(day).filter(
        Q(department__path__in=paths) | Q(post__in=wanted),
        municipality_id=decision.municipality_id,
    )
    rows = rows.exclude(member=decision.drafter_id).select_related("department", "post", "member")
    held = list(rows.order_by("-department__path", "-post__rank", "pk"))
    leading = set(
        rows.filter(grants__role__in=SUBTREE).values_list("pk", flat=True)
        if any(step.wanted is None for step in missing)
        else ()
    )
    return [
        _stood_in(step, [row for row in held if _may_stand_in(row, step, leading)], stand_ins)
        if step.is_missing
        else step
        for step in plan
    ]


def _may_stand_in(row: Posting, step: PlannedStep, leading: set[int]) -> bool:
    """A higher post at or above the department, or the same post of another department; for a
    manager, whoever leads a department above.
    """
    above = row.department.path in step.base.ancestor_paths
    if step.wanted is None:
        return bool(step.instead_of) and above and row.pk in leading
    return row.post_id == step.wanted.pk or (above and row.post.rank < step.wanted.rank)


def _stood_in(
    step: PlannedStep, rows: list[Posting], stand_ins: Mapping[str, Place]
) -> PlannedStep:
    options = tuple(
        (f"{row.department_id}-{row.post_id}", f"{row.department} {row.post} {row.member.name}")
        for row in rows
    )
    place = stand_ins.get(step.key)
    chosen = next((row for row in rows if (row.department_id, row.post_id) == place), None)
    if chosen is None:
        return replace(step, options=options)
    return replace(step, department=chosen.department, post=chosen.post, options=options)


def _with_holders(
    decision: Decision | Draft, plan: list[PlannedStep], day: date
) -> list[PlannedStep]:
    """The stages with who holds their posts today, and who may raise those that rest. One query."""
    held, away, names = held_posts({step.place for step in plan if step.post}, day)

    def others(step: PlannedStep) -> list[int]:
        return [number for number in held.get(step.place, []) if number != decision.drafter_id]

    def there(step: PlannedStep) -> list[int]:
        return [number for number in others(step) if number not in away]

    def raisers(step: PlannedStep) -> tuple[str, ...]:
        if step.is_missing or there(step) or step.kind == StepKind.DECIDE:
            return ()
        over = (row for row in plan if row.order > step.order and is_over(row, step))
        return next((tuple(names[n] for n in there(row)) for row in over if there(row)), ())

    return [
        replace(
            step,
            names=tuple(names[number] for number in held.get(step.place, [])),
            is_own=held.get(step.place) == [decision.drafter_id],
            is_vacant=not step.is_missing and not held.get(step.place),
            is_away=bool(others(step)) and not there(step),
            raised_by=raisers(step),
        )
        for step in plan
    ]


def is_over(row: Any, step: Any) -> bool:
    """May the holder of this stage raise the other one (引上げ)? A higher post over its department,
    not one of a 合議.
    """
    if row.kind == StepKind.AGREE or row.post is None or step.post is None:
        return False
    return row.post.rank < step.post.rank and step.department.path.startswith(row.department.path)


def problems_of(route: RouteTemplate, plan: list[PlannedStep]) -> list[tuple[str, str]]:
    """Why the decision cannot be sent along this plan: (key of the stage, what to do); key empty
    for the route as a whole.
    """
    problems = [(step.key, _problem(step)) for step in plan if step.is_missing]
    reason = unusable(route, plan)
    return [("", reason), *problems] if reason else problems


def unusable(route: RouteTemplate, plan: list[PlannedStep]) -> str:
    """Why this drafter can send nothing along this route, whoever stands in; empty when they
    can.
    """
    deciders = [step for step in plan if step.kind == StepKind.DECIDE]
    if not deciders:
        return _("決裁経路「%(route)s」に、決裁できる職位がありません。") % {"route": route.name}
    if any(step.is_own for step in deciders):
        return _(
            "決裁経路「%(route)s」の決裁者は、起案者自身です。上位の職位が決裁する決裁区分を選んでください。"
        ) % {"route": route.name}
    return ""


def _problem(step: PlannedStep) -> str:
    """What to do about a stage that finds nobody."""
    if not step.instead_of:
        return _("対象部署がないため、対象部署の所属長に合議できません。")
    if step.wanted is None:
        return _(
            "%(name)sに所属長がいません。代わりに確認する人を選ぶか、所属長の発令を登録してください。"
        ) % {"name": step.instead_of}
    return _(
        "起案した部署とその上の部署に「%(name)s」の職位がありません。代わりに確認する職位か、別の決裁区分を選んでください。"
    ) % {"name": step.instead_of}
