"""The route of a decision before it is sent: each stage with today's holders, gaps in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.name_lists import all_names
from municipality.decisions.models import RouteTemplate, StepKind
from municipality.decisions.presenters.sheet import post_name
from municipality.decisions.route_plan import PlannedStep, not_on_route
from municipality.organisation.models import Posting


@dataclass(frozen=True)
class PreviewLine:
    """One stage: what is asked, of which post, who holds it today, and what to know about it.
    `field` is the choice of another post where there is none.
    """

    order: int
    kind: str
    post: str
    holders: str = ""
    note: str = ""
    gap: bool = False
    field: Any = None


@dataclass(frozen=True)
class RoutePreview:
    """A route by its name with its stages. `unasked` are the departments concerned whose managers
    it does not pass; `concerns` says whether there are any at all.
    """

    name: str
    lines: list[PreviewLine]
    concerns: bool
    unasked: str


def preview(
    route: RouteTemplate,
    plan: list[PlannedStep],
    fields: Mapping[str, Any],
    *,
    managers: list[Posting],
    drafter: int,
) -> RoutePreview:
    """How the route would be laid today, for the managers of the departments concerned."""
    unasked = all_names(not_on_route(plan, managers, drafter))
    lines = [_line(step, fields.get(step.key)) for step in plan]
    return RoutePreview(route.name, lines, bool(managers), unasked)


def _line(step: PlannedStep, field: Any) -> PreviewLine:
    kind = str(StepKind(step.kind).label)
    if step.is_missing:
        nobody = _("所属長がいません") if step.wanted is None else _("該当する職位がありません")
        post = step.instead_of or _("対象部署の所属長")
        return PreviewLine(step.order, kind, post, note=nobody, gap=True, field=field)
    holders = all_names(step.names)
    post = post_name(step)
    if step.is_own and step.kind != StepKind.DECIDE:
        return PreviewLine(step.order, kind, post, holders, _("起案者本人のため省略"))
    if step.is_vacant or step.is_away:
        return PreviewLine(step.order, kind, post, holders, _resting(step), gap=step.is_vacant)
    return PreviewLine(step.order, kind, post, holders)


def _resting(step: PlannedStep) -> str:
    state = pgettext("決裁", "欠員") if step.is_vacant else pgettext("決裁", "不在")
    if step.raised_by:
        names = all_names(step.raised_by)
        return _("%(state)s。%(names)sが引き上げて承認できます") % {"state": state, "names": names}
    if step.is_vacant:
        return _("%(state)s。順番が来ると事務局に知らせます") % {"state": state}
    return state
