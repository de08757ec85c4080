"""The list of things to do as it is drawn: tabs, groups by urgency, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.home import day_strip
from dashboard.home.todo import TABS, Todo
from municipality.core.addresses import page_address
from municipality.core.date_words import short_day, weekday_day
from municipality.core.registry import deadlines
from municipality.deadlines.queries import Due
from municipality.organisation.models import Grant

SOON = 5

MOST_ROWS = 50


@dataclass(frozen=True)
class TodoTab:
    """One tab of the list."""

    label: str
    address: str
    count: int
    current: bool


@dataclass(frozen=True)
class TodoListRow:
    """One thing as it stands in the list: by when, what, who, and the way to do it."""

    title: str
    address: str
    due_on: date
    open_days_left: int
    kind: str
    meta: Sequence[str]
    escalated: str
    action: str
    action_address: str = ""


@dataclass(frozen=True)
class Group:
    """Things of one urgency under their heading: the earliest of them as rows, and how many there
    are in all.
    """

    title: str
    rows: list[TodoListRow]
    count: int
    shape: str = "calendar"
    bad: bool = False

    @property
    def more(self) -> int:
        """How many are not drawn; a cell of the strip shows them."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class TodoListing:
    """The list under one tab, filtered by one cell of the strip or not."""

    todo: Todo
    tab: str
    cell: str

    @property
    def things(self) -> list[Due]:
        """What the tab holds."""
        return self.todo.listed(self.tab)

    @property
    def shown(self) -> list[Due]:
        """What is left of it by the chosen cell."""
        return [
            due
            for due in self.things
            if not self.cell or day_strip.place_of(due.due_on, self.todo.today) == self.cell
        ]

    @property
    def tabs(self) -> list[TodoTab]:
        """One's own, the department's for who leads one, and what others owe one; a tab without a
        use is absent.
        """
        words = {
            "mine": _("あなたの対応"),
            "department": _("部署の全員"),
            "waiting": _("ほかの人を待っているもの"),
        }
        leads = self.todo.member.authority.is_manager
        names = [name for name in TABS if name != "department" or leads]
        return [
            TodoTab(
                words[name], self.address(tab=name), len(self.todo.listed(name)), name == self.tab
            )
            for name in names
        ]

    @property
    def strip(self) -> list[day_strip.DayCell]:
        """The day strip over the tab's things."""
        return day_strip.cells(
            self.things,
            self.todo.today,
            self.todo.calendar,
            lambda cell: self.address(tab=self.tab, due=cell),
        )

    @property
    def later(self) -> TodoTab:
        """What falls due after the strip's last day, as a link that shows it."""
        count = sum(
            day_strip.place_of(due.due_on, self.todo.today) == day_strip.LATER
            for due in self.things
        )
        words = _("%(day)s以降が期限のもの") % {
            "day": short_day(day_strip.after_strip(self.todo.today))
        }
        return TodoTab(
            words,
            self.address(tab=self.tab, due=day_strip.LATER),
            count,
            self.cell == day_strip.LATER,
        )

    @property
    def groups(self) -> list[Group]:
        """Late, within five open days, later; a group without things is absent."""
        left = {due: self.todo.calendar.left(self.todo.today, due.due_on) for due in self.shown}
        parts = {
            "late": [due for due, days in left.items() if days < 0],
            "soon": [due for due, days in left.items() if 0 <= days <= SOON],
            "later": [due for due, days in left.items() if days > SOON],
        }
        rows = {
            name: [self.row(due, left[due]) for due in things[:MOST_ROWS]]
            for name, things in parts.items()
        }
        groups = [
            Group(_("期限を過ぎています"), rows["late"], len(parts["late"]), "triangle", bad=True),
            Group(_("5開庁日以内"), rows["soon"], len(parts["soon"]), "clock"),
            Group(pgettext("期限", "それ以降"), rows["later"], len(parts["later"])),
        ]
        return [group for group in groups if group.rows]

    def row(self, due: Due, days: int) -> TodoListRow:
        """The row of one thing. Only one's own have a button."""
        kind = deadlines()[due.rule]
        return TodoListRow(
            title=kind.worded(due.title, due.note),
            address=self.target(due),
            due_on=due.due_on,
            open_days_left=days,
            kind=str(kind.kind),
            meta=self.meta(due),
            escalated=self.escalated(due),
            action=str(kind.action) if due in self.todo.mine else "",
        )

    def target(self, due: Due) -> str:
        """The page of the thing; it opens for the reader, or the thing would not be listed."""
        code = self.todo.member.municipality_id
        return page_address(deadlines()[due.rule].page, code, due.object_id)

    def meta(self, due: Due) -> list[str]:
        """Who it waits for (when that is not the reader), what is known beside the title, and since
        when it waits.
        """
        kind = deadlines()[due.rule]
        title = kind.worded(due.title, due.note)
        words = ["" if due in self.todo.mine else self.who(due), kind.note_words(due.note)]
        known = [word for word in dict.fromkeys(words) if word and word not in title]
        return [*known, _("%(day)sから") % {"day": short_day(due.opened_on)}]

    def who(self, due: Due) -> str:
        """The name of the person, or of the role."""
        return due.holder or "" if due.member_id else role_word(due.role)

    def escalated(self, due: Due) -> str:
        """The first reminder to somebody above, in words; empty without one."""
        first = self.todo.asides.escalations.get((due.rule, due.object_id))
        if first is None or due.due_on >= self.todo.today:
            return ""
        words = (
            _("事務局へ連絡 %(day)s")
            if first.role == Grant.Role.OFFICE
            else _("所属長へ連絡 %(day)s")
        )
        return words % {"day": short_day(first.day)}

    def address(self, **query: str) -> str:
        """This list with another tab or cell; the first tab needs no name."""
        named = {
            key: value for key, value in query.items() if value and (key, value) != ("tab", TABS[0])
        }
        return page_address("dashboard:home", self.todo.member.municipality_id, query=named)

    @property
    def all_address(self) -> str:
        """This tab without a chosen cell."""
        return self.address(tab=self.tab)

    @property
    def empty_words(self) -> tuple[str, str]:
        """What to say when the tab holds nothing."""
        return {
            "mine": (
                _("あなたの対応事項はありません"),
                _("期限のあるものが届くと、ここに表示されます。"),
            ),
            "department": (
                _("部署の対応事項はありません"),
                _("部署の人に期限のあるものが届くと、ここに表示されます。"),
            ),
            "waiting": (
                _("待っているものはありません"),
                _("起案したものや提出したものは、ほかの人の番になるとここに表示されます。"),
            ),
        }[self.tab]

    @property
    def filter_words(self) -> str:
        """What the chosen cell shows, in words; empty without one."""
        if not self.cell:
            return ""
        words = {day_strip.OVERDUE: _("期限を過ぎたもの"), day_strip.LATER: self.later.label}
        return words.get(self.cell) or _("%(day)sが期限のもの") % {
            "day": weekday_day(date.fromisoformat(self.cell))
        }


def role_word(role: str) -> str:
    """A role as people call it."""
    return str(Grant.Role(role).label) if role else ""


def read_cell(text: str) -> str:
    """The cell named in an address; empty for anything that is none."""
    if text in (day_strip.OVERDUE, day_strip.LATER):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
