"""対応事項 as a whole: the list, the journey of the body, and one's department, in three
queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.home.checklist import FirstSetupItem, checklist, checklist_of, is_wanted
from dashboard.home.department_now import Now, now_of, read_now
from dashboard.home.journey import Phase, journey_of, phases, read_facts
from dashboard.home.listing import TodoListing, read_cell
from dashboard.home.side_panels import Asides, asides_of
from dashboard.home.todo import TABS, Todo, due_around
from dashboard.overview.lines import read_lines
from municipality.core.date_words import month_name
from municipality.core.periods import OpenDays, Period
from municipality.organisation.models import Member


@dataclass(frozen=True)
class Home:
    """What the page shows."""

    listing: TodoListing
    journey: list[Phase]
    now: Now | None
    day_words: str
    unread: int
    stopped: bool
    checklist: list[FirstSetupItem]
    setting_up: bool


def read_home(member: Member, now: datetime, calendar: OpenDays, query: Mapping[str, str]) -> Home:
    """Read the page for a member at a moment; `query` names the tab and the cell of the strip."""
    today = timezone.localdate(now)
    around = due_around(member, today)
    parts = [
        *asides_of(member, [*around.mine, *around.others], around.others, now),
        *journey_of(member.municipality, today),
        *now_of(member, today),
        *checklist_of(member),
    ]
    found = read_lines(parts)
    asides = Asides.read(found)
    todo = Todo.of(around, asides, today, calendar)
    tab = query.get("tab", "")
    listing = TodoListing(todo, tab if tab in TABS else TABS[0], read_cell(query.get("due", "")))
    facts = read_facts(found)
    return Home(
        listing=listing,
        journey=phases(facts),
        now=read_now(found, member, today),
        day_words=day_words(today, calendar),
        unread=asides.unread,
        stopped=asides.stopped,
        checklist=checklist(member, facts, found) if is_wanted(member, facts) else [],
        setting_up=member.authority.is_office and member.municipality.ready_at is None,
    )


def day_words(today: date, calendar: OpenDays) -> str:
    """The how-manieth open day of its month it is, or that it is none."""
    if not calendar.is_open(today):
        return _("今日は閉庁日です")
    count = calendar.within(Period.holding(Period.MONTH, today).first, today)
    return _("%(month)sの%(n)s開庁日目") % {
        "month": month_name(today),
        "n": count,
    }
