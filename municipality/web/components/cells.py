"""Cells of a list: the values that a row is made of, and how each kind becomes HTML.

A kind stands here when several lists need it. What one list alone needs its presenter writes with
`format_html` as a cell of the kind 'text'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from municipality.core.date_words import day_words, moment
from municipality.web.components.dates import number
from municipality.web.components.fields import post_button
from municipality.web.components.states import badge_of, due
from municipality.web.components.widgets import attributes

if TYPE_CHECKING:
    from municipality.organisation.open_days import OpenDays


class LinkCell(NamedTuple):
    """Cell of the kind 'link', or a piece of 'words': what it says, where it leads, and a small
    note behind it. Without an address, which its reader may not open, it is plain text.
    """

    text: str
    address: str
    note: str = ""


class Words(NamedTuple):
    """A piece of a cell of the kind 'words', or a text or number that stands out. `style`: 'small',
    'whole' (never broken), 'mark' (both, a small word that belongs to what stands before it),
    'aside' (quieter and whole), 'missing', 'strong', 'late' (strong and red) or 'kind' (what sort
    of thing it is).
    """

    text: str
    style: str = ""


class StateCell(NamedTuple):
    """Cell of the kind 'state', or a piece of 'words': the tone and the word of a badge."""

    tone: str
    label: str


class DueCell(NamedTuple):
    """Cell of the kind 'due' for what is not done yet: the day and the open days left (negative:
    over). For what is done the day alone is the value.
    """

    on: date | None
    left: int | None


def due_cell(on: date | None, today: date, calendar: OpenDays) -> DueCell | None:
    """The cell of what is not done yet: every list marks what is overdue by this one."""
    return None if on is None else DueCell(on, calendar.left(today, on))


@dataclass(frozen=True)
class ActionCell:
    """Cell of the kind 'action': a small button; `of` says for whom it is, where the label does
    not. It `posts` when it writes: `values` are sent along, and `confirm` is asked first.
    """

    label: str
    address: str
    of: str = ""
    posts: bool = False
    tone: str = "2"
    confirm: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Piece = str | Words | LinkCell | StateCell
"""Part of a line of a cell of the kind 'words'."""

PIECES = (Words, LinkCell, StateCell)

Drawing = Callable[[Any, date | None], SafeString]

STYLES = {
    "": ("span", ""),
    "small": ("small", ""),
    "whole": ("span", "nw"),
    "mark": ("small", "nw"),
    "aside": ("span", "sm mut nw"),
    "missing": ("span", "t3"),
    "strong": ("b", ""),
    "late": ("b", "c-bad"),
    "kind": ("span", "kind"),
}
"""Style of `Words` → element and class."""


def _taken(kind: str, value: Any, *types: type) -> None:
    """Refuse what a kind cannot draw: a cell's source must never stand on a page."""
    if not isinstance(value, types):
        raise TypeError(f"A column of the kind {kind!r} takes no {type(value).__name__}: {value!r}")


def _text(value: Any, _today: date | None) -> SafeString:
    """One text, one piece, or lines of pieces."""
    if isinstance(value, PIECES):
        return _piece(value)
    if isinstance(value, list | tuple):
        return _words(value, None)
    if isinstance(value, DueCell | ActionCell | Mapping):
        _taken("text", value, str)
    return conditional_escape(value)


def _whole(value: Any, _today: date | None) -> SafeString:
    return format_html('<span class="nw">{}</span>', _text(value, None))


def _link(value: LinkCell, _today: date | None) -> SafeString:
    _taken("link", value, LinkCell)
    note = format_html(" <small>{}</small>", value.note) if value.note else ""
    if not value.address:
        return format_html("{}{}", value.text, note)
    return format_html('<a href="{}">{}</a>{}', value.address, value.text, note)


def _number(value: Any, _today: date | None) -> SafeString:
    return _text(number(value) if isinstance(value, int | float | Decimal) else value, None)


def _day(value: date, today: date | None) -> SafeString:
    _taken("day", value, date)
    return _whole(day_words(value, today), today)


def _moment(value: datetime, _today: date | None) -> SafeString:
    _taken("moment", value, datetime)
    return format_html('<time class="nw" datetime="{}">{}</time>', value.isoformat(), moment(value))


def _due(value: DueCell | date, today: date | None) -> SafeString:
    if isinstance(value, DueCell):
        return due(value.on, today, value.left)
    return _day(value, today)


def _piece(piece: Piece) -> SafeString:
    if isinstance(piece, LinkCell):
        return _link(piece, None)
    if isinstance(piece, StateCell):
        return badge_of(*piece)
    if isinstance(piece, str) or not piece.style:
        return conditional_escape(piece if isinstance(piece, str) else piece.text)
    element, named = STYLES[piece.style]
    look = attributes({"class": named} if named else {})
    return format_html("<{0}{1}>{2}</{0}>", SafeString(element), look, piece.text)


def _parts(value: Any) -> Any:
    """The lines of a cell or the pieces of a line; a piece itself is a tuple as well."""
    _taken("words", value, list, tuple)
    if isinstance(value, PIECES):
        _taken("words", value, list)
    return value


def _words(value: Sequence[Sequence[Piece]], _today: date | None) -> SafeString:
    lines = (SafeString("".join(map(_piece, _parts(line)))) for line in _parts(value))
    return format_html("<span>{}</span>", SafeString("<br>".join(lines)))


def _state(value: StateCell, _today: date | None) -> SafeString:
    _taken("state", value, StateCell)
    return badge_of(value.tone, value.label)


CELLS: dict[str, Drawing] = {
    "text": _text,
    "whole": _whole,
    "link": _link,
    "number": _number,
    "day": _day,
    "moment": _moment,
    "state": _state,
    "words": _words,
    "due": _due,
}
"""Kind of a column → how a value becomes HTML. All that was typed is escaped here. A cell is one
element or one text: on a narrow screen it stands beside its label.
"""


def drawings(context: Any) -> dict[str, Drawing]:
    """All kinds of cells on one page; 'action' takes one `ActionCell`, 'actions' several."""
    return {
        **CELLS,
        "action": lambda value, _today: _action(context, value),
        "actions": lambda value, _today: _actions(context, value),
    }


def _actions(context: Any, actions: Sequence[ActionCell]) -> SafeString:
    _taken("actions", actions, list, tuple)
    drawn = SafeString("".join(_action(context, action) for action in actions))
    return format_html('<div class="acts">{}</div>', drawn)


def _action(context: Any, action: ActionCell) -> SafeString:
    _taken("action", action, ActionCell)
    said: str = action.label
    if action.of:
        said = format_html('{}<span class="vh"> {}</span>', action.label, action.of)
    if not action.posts:
        return format_html('<a class="btn btn-2 btn-s" href="{}">{}</a>', action.address, said)
    asked = action.confirm
    return post_button(
        context, action.address, said, action.tone, small=True, confirm=asked, **action.values
    )
