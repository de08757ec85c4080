"""What lists are made of: to-do rows, day strip, tabs, filters, pages, empty states, steps and
journeys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from municipality.core.date_words import short_day
from municipality.web.components.drawing import draw
from municipality.web.components.states import due

register = Library()


@dataclass(frozen=True)
class StripDay:
    """One cell of the day strip. `overdue` marks the first cell, which counts all that is late up
    to `date`.
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
    """One thing that waits: by when, what, who, and the way to do it. `open_days_left` < 0 means
    late.
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


@dataclass(frozen=True)
class Tab:
    """One tab: a link with a count."""

    label: str
    address: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage of a stepper or a journey; `state` is 'done', 'now' or 'todo'. `note` is a date or
    a sentence.
    """

    label: str
    state: str = "todo"
    note: str = ""
    number: int | None = None


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


@register.simple_tag
def tabs(items, label: str = "") -> SafeString:
    """`{% tabs items %}`: links with counts, the current one underlined, from `Tab` objects."""
    return draw("tabs", items=items, label=label or _("表示の切替え"))


@register.simple_tag
def steps(items) -> SafeString:
    """`{% steps items %}`: the stages of one procedure side by side, from `Stage` objects (step
    navigation).
    """
    return draw("steps", items=items)


@register.simple_tag
def journey(items) -> SafeString:
    """`{% journey items %}`: the stages of the whole rollout from top to bottom, from `Stage`
    objects.
    """
    return draw("journey", items=items)


@register.simple_tag
def crumb(label: str, address: str = "") -> SafeString:
    """`{% crumb label address %}`: one place on the way to this page; the last one has no address
    (breadcrumb).
    """
    if address:
        return format_html('<li><a href="{}">{}</a></li>', address, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_tag
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    *,
    more_url: str = "",
    more_label: str = "",
) -> SafeString:
    """`{% empty_state title text url label %}`: nothing is here yet, what is missing, and the one
    thing to do.
    """
    action = {
        "action_url": action_url,
        "action_label": action_label,
        "more_url": more_url,
        "more_label": more_label,
    }
    return draw("empty", title=title, text=text, **action)


@register.filter
def listed(things, between: str = "、") -> SafeString:
    """`{{ names|listed }}`, `{{ grants|listed:"・" }}`: one after the other, each on one line."""
    return format_html_join(between, '<span class="nw">{}</span>', ((thing,) for thing in things))


@register.simple_tag
def empty_filtered(clear_url: str) -> SafeString:
    """`{% empty_filtered url %}`: the filter leaves nothing; the link clears it."""
    return draw("empty_filtered", clear_url=clear_url)


@register.simple_tag(takes_context=True)
def pager(context, page, name: str = "page") -> SafeString:
    """`{% pager page %}`: which rows of how many, and the other pages of a `Page`; filters stay in
    the address.
    """
    query = context["request"].GET.copy()
    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        query[name] = number
        links.append((number, f"?{query.urlencode()}" if isinstance(number, int) else ""))
    return draw("pager", page=page, links=links, total=page.paginator.count)


@register.simple_tag(takes_context=True)
def export_button(context) -> SafeString:
    """`{% export_button %}`: the list of this page as a file, narrowed as it is. Nothing where the
    view gives no `export`.
    """
    if not context.get("export"):
        return SafeString()
    query = context["request"].GET.copy()
    query.pop("page", None)
    addresses = {}
    for form in ("xlsx", "csv", "cp932"):
        query["file"] = form
        addresses[form] = f"?{query.urlencode()}"
    return draw("export_button", addresses=addresses)


@register.simple_tag(takes_context=True)
def filter_bar(context, form, total: int | None = None) -> SafeString:
    """`{% filter_bar form total=n %}`: the filters of a list as a form whose values stand in the
    address.
    """
    request = context["request"]
    filtered = any(request.GET.get(bound.html_name) for bound in form.visible_fields())
    return draw("filter_bar", form=form, total=total, filtered=filtered, path=request.path)


@register.simple_tag(takes_context=True)
def sort_link(context, label: str, key: str, numeric: bool = False) -> SafeString:
    """`{% sort_link label 'name' %}`: a `th` that sorts by `?sort=name`, then `?sort=-name`, and
    says which it is.
    """
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    query["sort"] = f"-{key}" if now == key else key
    query.pop("page", None)
    shape = {"ascending": "up", "descending": "down"}.get(order, "")
    return draw(
        "sort_link",
        label=label,
        address=f"?{query.urlencode()}",
        order=order,
        shape=shape,
        numeric=numeric,
    )


def step(
    label: str, reached: int, at: int, day: date | datetime | None, *, waits: bool = False
) -> dict[str, Any]:
    """One stage: done before the one reached, now at it, unless that one only `waits` for somebody
    to begin it.
    """
    state = "done" if at < reached else "now" if at == reached and not waits else "todo"
    return {"label": label, "state": state, "note": short_day(day) if day else ""}
