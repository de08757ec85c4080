"""The list of improvement actions for one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.reviews.models import Action
from municipality.core.date_words import NOTHING
from municipality.core.periods import OpenDays
from municipality.organisation.open_days import open_days
from municipality.web.components.cells import DueCell, LinkCell, StateCell
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs_of
from municipality.web.components.states import face

if TYPE_CHECKING:
    from datetime import date

    from django.core.paginator import Page


def action_tabs(request: HttpRequest) -> tuple[list[Tab], QuerySet, int]:
    """Tabs over the list of actions with their counts (one query), the rows of the chosen tab and
    their number.
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


def actions_listing(request: HttpRequest, page: Page, *, persons: bool) -> ListTable:
    """The actions of one page. Without `persons` only one's own name is shown."""
    columns = (
        ListColumn(pgettext("改善項目", "何を"), "link"),
        ListColumn(pgettext("改善項目", "誰が")),
        ListColumn(pgettext("改善項目", "いつまで"), "due"),
        ListColumn(pgettext("改善項目", "状態"), "state"),
        ListColumn(pgettext("評価", "レビュー")),
    )
    calendar = open_days(request.municipality)
    rows = [
        (
            LinkCell(action.what or NOTHING, action.get_absolute_url()),
            _who(action, named=persons or action.who_id == request.member.pk),
            _due(action, calendar, request.today),
            StateCell(*face(action)),
            f"{action.review.place} {action.review.title}",
        )
        for action in page
    ]
    nothing = Nothing(
        _("改善項目はありません"),
        _("レビューで改善項目を加えると、担当と期限が付いてここに並びます。"),
    )
    caption = _("期限の近いものから順に並べています。")
    return ListTable(columns, rows, nothing, caption, page, request.today)


def _who(action: Action, *, named: bool) -> str | None:
    if action.who is None:
        return None
    return str(action.who) if named else pgettext("レビュー", "担当者")


def _due(action: Action, calendar: OpenDays, today: date) -> DueCell | date | None:
    if action.is_open:
        left = calendar.between(today, action.due_on) if action.due_on else None
        return DueCell(action.due_on, left)
    return action.due_on
