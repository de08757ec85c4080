"""What the list of improvement actions shows to one reader."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.models import Action
from municipality.web.components.lists import Tab, tabs_of


def action_tabs(request: HttpRequest) -> tuple[list[Tab], QuerySet, int]:
    """The tabs over the list of actions with their counts (one query), the rows of the chosen one,
    and how many they are.
    """
    visible = Action.objects.visible_to(request.member)
    labels = {
        "mine": _("あなたの担当"),
        "open": pgettext("改善項目", "進行中"),
        "done": pgettext("改善項目", "完了"),
    }
    mine = Q(who=request.member, state=Action.State.OPEN)
    wanted = {
        "mine": mine,
        "open": Q(state=Action.State.OPEN),
        "done": Q(state__in=["done", "cancelled"]),
    }
    counts = visible.order_by().aggregate(
        **{key: Count("pk", filter=rule) for key, rule in wanted.items()}
    )
    asked = request.GET.get("tab", "")
    chosen = asked if asked in labels else "mine" if counts["mine"] else "open"
    return tabs_of(labels, chosen, counts=counts), visible.filter(wanted[chosen]), counts[chosen]
