"""What the pages of improvement actions show to one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview, ActionQuerySet
from evaluation.pdca.rules import may_finish, may_reopen, may_write_action
from municipality.core.date_words import NOTHING, day_words, era_day
from municipality.core.transitions import can_move
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.rules import may_see_names
from municipality.web.components.cells import DueCell, LinkCell, StateCell, Words, due_cell
from municipality.web.components.lists import ListColumn, ListTable, Nothing, Tab, tabs_of
from municipality.web.components.states import face

if TYPE_CHECKING:
    from django.core.paginator import Page


def action_tabs(request: HttpRequest) -> tuple[list[Tab], ActionQuerySet, int]:
    """Tabs over the list of actions with their counts (one query), the rows of the chosen tab and
    their number.
    """
    visible = Action.objects.visible_to(request.member)
    labels = {
        "mine": _("あなたの担当"),
        "open": pgettext("改善項目", "進行中"),
        "late": pgettext("改善項目", "期限超過"),
        "done": _("完了・取りやめ"),
    }
    still_open = Q(state=Action.State.OPEN)
    wanted = {
        "mine": still_open & Q(who=request.member),
        "open": still_open,
        "late": still_open & Q(due_on__lt=request.today),
        "done": Q(state__in=["done", "cancelled"]),
    }
    counts = visible.order_by().aggregate(
        **{key: Count("pk", filter=rule) for key, rule in wanted.items()}
    )
    asked = request.GET.get("tab", "")
    chosen = asked if asked in labels else "mine" if counts["mine"] else "open"
    return tabs_of(labels, chosen, counts=counts), visible.filter(wanted[chosen]), counts[chosen]


def holder_words(who: Member | None, reader: Member, *, persons: bool) -> str:
    """Who has to do it: by name for who may see persons, and for oneself."""
    if who is None:
        return NOTHING
    return str(who) if persons or who.pk == reader.pk else pgettext("レビュー", "担当者")


@dataclass(frozen=True)
class ActionHistoryLine:
    """One line of the history in words."""

    at: datetime
    label: str
    by: str
    change: str
    text: str


def history_of(action: Action, reader: Member, *, persons: bool) -> list[ActionHistoryLine]:
    """What happened to the action, the newest first."""
    entries = action.entries.select_related("by", "who", "earlier_who")
    return [_line(entry, reader, persons) for entry in entries.order_by("-at", "-pk")]


def _line(entry: ActionEntry, reader: Member, persons: bool) -> ActionHistoryLine:
    known = entry.by is not None and (persons or entry.by_id == reader.pk)
    return ActionHistoryLine(
        at=entry.at,
        label=entry.get_kind_display(),
        by=entry.by.name if entry.by is not None and known else "",
        change=_change(entry, reader, persons),
        text=entry.text,
    )


def _change(entry: ActionEntry, reader: Member, persons: bool) -> str:
    kind = ActionEntry.Kind
    days = (era_day(entry.earlier_due_on), era_day(entry.due_on))
    if entry.kind == kind.REPORT:
        return _("希望する期限 %(day)s") % {"day": days[1]} if entry.due_on else ""
    if entry.kind == kind.DUE:
        return _("%(before)s から %(after)s へ") % {"before": days[0], "after": days[1]}
    people = [holder_words(who, reader, persons=persons) for who in (entry.earlier_who, entry.who)]
    if entry.kind == kind.HOLDER:
        return _("%(before)s から %(after)s へ") % {"before": people[0], "after": people[1]}
    if entry.kind == kind.ADDED:
        return _("担当 %(who)s、期限 %(day)s") % {"who": people[1], "day": days[1]}
    return ""


def actions_listing(request: HttpRequest, page: Page, *, persons: bool) -> ListTable:
    """The actions of one page. Without `persons` only one's own name is shown."""
    columns = (
        ListColumn(pgettext("改善項目", "何を"), "link"),
        ListColumn(pgettext("改善項目", "誰が")),
        ListColumn(pgettext("改善項目", "いつまで"), "due"),
        ListColumn(pgettext("改善項目", "状態"), "state"),
        ListColumn(_("最新の報告"), "words"),
        ListColumn(pgettext("評価", "レビュー")),
    )
    calendar, reader = open_days(request.municipality), request.member
    rows = [
        (
            LinkCell(action.what or NOTHING, action.get_absolute_url()),
            holder_words(action.who, reader, persons=persons),
            _due(action, calendar, request.today),
            StateCell(*face(action)),
            _report(action, request.today),
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


def _due(action: Action, calendar: OpenDays, today: date) -> DueCell | date | None:
    return due_cell(action.due_on, today, calendar) if action.is_open else action.due_on


def _report(action: Action, today: date) -> list[list[str | Words]] | None:
    """The latest report, shortened, and its day."""
    if not action.last_report or not action.last_report_at:
        return None
    text = Truncator(action.last_report).chars(80)
    return [[text], [Words(day_words(action.last_report_at, today), "mark")]]


def action_sheet(request: HttpRequest, action: Action) -> dict[str, Any]:
    """Everything the page of one action shows to this reader, but its forms."""
    member = request.member
    persons = bool(may_see_names(member))
    calendar = open_days(request.municipality)
    writes = bool(may_write_action(member, action))
    raised_here = (
        Action.objects.visible_to(member).of_reviews_visible_to(member).filter(pk=action.pk)
    )
    return {
        "action": action,
        "left": calendar.left(request.today, action.due_on) if action.due_on else None,
        "holder": holder_words(action.who, member, persons=persons),
        "review": action.review if raised_here.exists() else None,
        "known_in": _known_in(action, member),
        "history": history_of(action, member, persons=persons),
        "wanted": _wanted_day(action),
        "may_report": action.is_open and bool(may_finish(member, action)),
        "may_move": action.is_open and writes,
        "may_reword": action.is_open and writes and action.review.is_open_to_changes,
        "may_reopen": can_move(action, Action.State.OPEN) and bool(may_reopen(member, action)),
    }


def _known_in(action: Action, member: Member) -> list[ActionInReview]:
    """The closings in which the action was looked at, as far as this reader sees the reviews."""
    rows = ActionInReview.objects.visible_to(member).filter(action=action)
    return list(
        rows.select_related("review__department", "review__municipality").order_by("review__first")
    )


def _wanted_day(action: Action) -> date | None:
    """The day that the holder asked for last, while nobody has set another since."""
    asked = action.entries.filter(kind__in=[ActionEntry.Kind.REPORT, ActionEntry.Kind.DUE])
    latest = asked.exclude(due_on=None).order_by("-at", "-pk").first()
    if latest is None or latest.kind == ActionEntry.Kind.DUE:
        return None
    return latest.due_on
