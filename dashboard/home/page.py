"""対応事項 as a whole: the list, the journey of the body, and one's department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.home.checklist import FirstSetupItem, checklist, is_wanted
from dashboard.home.department_now import DepartmentNow, read_now
from dashboard.home.journey import Phase, phases, read_progress
from dashboard.home.listing import TodoListing, read_cell
from dashboard.home.owed import OutstandingTasks, read_owed
from dashboard.home.side_panels import has_stopped, read_side_panels
from dashboard.home.todo import TABS, Todo, due_around
from municipality.core.date_words import month_name
from municipality.core.periods import Period
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays


@dataclass(frozen=True)
class Home:
    """What the page shows."""

    listing: TodoListing
    journey: list[Phase]
    now: DepartmentNow | None
    day_words: str
    stopped: bool
    checklist: list[FirstSetupItem]
    setting_up: bool
    owed: list[OutstandingTasks]


def read_home(member: Member, now: datetime, calendar: OpenDays, query: Mapping[str, str]) -> Home:
    """Read the page for a member at a moment; `query` names the tab and the cell of the strip."""
    today = timezone.localdate(now)
    around = due_around(member, today)
    asides = read_side_panels(member, around.mine, around.others, today)
    todo = Todo.of(around, asides, today, calendar)
    tab = query.get("tab", "")
    listing = TodoListing(todo, tab if tab in TABS else TABS[0], read_cell(query.get("due", "")))
    progress = read_progress(member, today)
    return Home(
        listing=listing,
        journey=phases(progress),
        now=read_now(member, today),
        day_words=day_words(today, calendar),
        stopped=member.authority.is_office and has_stopped(now),
        checklist=checklist(member, progress) if is_wanted(member, progress) else [],
        setting_up=member.authority.is_office and member.municipality.ready_at is None,
        owed=read_owed(member, today, calendar),
    )


def day_words(today: date, calendar: OpenDays) -> str:
    """Number of this open day within its month, in words; or that the day is a closed one."""
    if not calendar.is_open(today):
        return _("今日は閉庁日です")
    count = calendar.within(Period.holding(Period.MONTH, today).first, today)
    return _("%(month)sの%(n)s開庁日目") % {
        "month": month_name(today),
        "n": count,
    }
