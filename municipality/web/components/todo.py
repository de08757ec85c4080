"""To-do list: its rows, the headings of its groups, and the strip of days above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.template import Library
from django.utils.safestring import SafeString

from municipality.web.components.drawing import draw
from municipality.web.components.states import due

register = Library()


@dataclass(frozen=True)
class StripDay:
    """Cell of the day strip. `overdue` marks the first cell, which counts everything late up to
    `date`.
    """

    date: dt.date
    label: str = ""
    weekday: str = ""
    count: int = 0
    closed: bool = False
    today: bool = False
    overdue: bool = False
    address: str = ""


@dataclass(frozen=True)
class TodoRow:
    """Row of the to-do list: due date, object, person, and the link to do it. `open_days_left` < 0
    means late.
    """

    title: str
    address: str
    due_on: dt.date | None = None
    open_days_left: int | None = None
    kind: str = ""
    meta: Sequence[str] = ()
    escalated: str = ""
    action: str = ""
    action_address: str = ""


@register.simple_tag
def day_strip(days) -> SafeString:
    """`{% day_strip days %}`: what is late, today, and the next 14 days, from `StripDay`
    objects.
    """
    return draw("day_strip", days=days)


@register.simple_tag
def todo(row, today=None) -> SafeString:
    """`{% todo row today %}`: one row of the to-do list, from a `TodoRow` or anything with its
    attributes.
    """
    left = row.open_days_left
    chip = due(row.due_on, today, left)
    return draw("todo", row=row, chip=chip, late=left is not None and left < 0)


@register.simple_tag
def group(
    title: str, n: int | None = None, shape: str = "calendar", bad: bool = False
) -> SafeString:
    """`{% group title 4 'clock' %}`: the head over a group of to-do rows, with its count."""
    return draw("group", title=title, n=n, shape=shape, bad=bad)
