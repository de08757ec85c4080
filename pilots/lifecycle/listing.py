"""The list of pilots as one member reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.core.date_words import span_days
from municipality.core.name_lists import all_names
from municipality.core.small_cells import MARK
from municipality.organisation.models import Member
from municipality.organisation.rules import gate_of, may_see_names
from municipality.web.components.cells import LinkCell, StateCell, Words
from municipality.web.components.figures import number_of_people
from municipality.web.components.lists import ListColumn, ListTable
from municipality.web.components.states import face
from municipality.web.paging import page_of
from pilots.participants.models import Participant
from pilots.planning import exports
from pilots.planning.forms import PilotFilter
from pilots.planning.models import Pilot, PilotDepartment
from pilots.planning.rules import may_plan
from pilots.results.small_numbers import HiddenPilots, hidden_pilots

if TYPE_CHECKING:
    from django.core.paginator import Page


def listed(member: Member, query: QueryDict, today: date) -> dict[str, Any]:
    """One page of the pilots in sight, narrowed by state, the latest first. Three queries, and
    those of the gate for who reads no small numbers.
    """
    chosen = PilotFilter(query)
    rows = Pilot.objects.visible_to(member).select_related("lead").order_by("-starts_on", "-pk")
    if chosen.is_valid() and chosen.cleaned_data["state"]:
        rows = rows.filter(state=chosen.cleaned_data["state"])
    names = bool(may_see_names(member))
    gate = gate_of(member)
    hidden = hidden_pilots(member.municipality, gate, today)
    places = Prefetch(
        "department_rows",
        PilotDepartment.objects.of(member.municipality_id).select_related("department"),
    )
    taking_part = _number_counted(today)
    page: Any = page_of(rows, query.get("page"))
    page.object_list = page.object_list.annotate(taking_part=taking_part).prefetch_related(places)
    whole = rows.annotate(taking_part=taking_part).prefetch_related(places)
    return {
        "rows": page,
        "listing": pilots_listing(page, today, taking_part_words(hidden), names=names),
        "filter": chosen,
        "filtered": bool(query.get("state")),
        "may_plan": may_plan(member),
        "gate": gate,
        "export": exports.pilots(whole, taking_part_words(hidden), names=names),
    }


def _number_counted(today: date) -> Coalesce:
    """Of a pilot how many take or took part, as its page counts them."""
    rows = Participant.objects.filter(pilot=OuterRef("pk")).counted(today).order_by()
    count = rows.values("pilot").annotate(people=Count("member", distinct=True)).values("people")
    return Coalesce(Subquery(count), 0)


def taking_part_words(hidden: HiddenPilots) -> Callable[[Any], int | str]:
    """How many take or took part in a pilot, or the mark in their place."""
    return lambda pilot: MARK if hidden.hides(pilot) else pilot.taking_part


def pilots_listing(
    page: Page, today: date, taking_part: Callable[[Any], int | str], *, names: bool
) -> ListTable:
    """The pilots of one page, each with how many take or took part. Its pages stand below what
    explains the numbers.
    """
    columns = [
        ListColumn(_("試行の名前"), "link"),
        ListColumn(pgettext("試行", "状態"), "state"),
        ListColumn(pgettext("試行", "対象部署")),
        ListColumn(pgettext("試行", "期間"), "words"),
        ListColumn(_("参加者(人)"), "number"),
    ]
    if names:
        columns.append(ListColumn(pgettext("試行", "責任者"), "whole"))
    rows = [
        (
            LinkCell(str(pilot), pilot.get_absolute_url()),
            StateCell(*face(pilot.face)),
            all_names(row.department for row in pilot.department_rows.all()),
            [_days(pilot, today)],
            number_of_people(taking_part(pilot)),
            *([pilot.lead] if names else []),
        )
        for pilot in page
    ]
    return ListTable(columns, rows, caption=_("開始日の新しい順に並べています。"))


def _days(pilot: Pilot, today: date) -> list[str | Words]:
    first, last = span_days(pilot.starts_on, pilot.ends_on, today)
    return [Words(first, "whole"), "–", Words(last, "whole")]
