"""Lists of entries such as comments, each with its time and actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from municipality.core.date_words import moment
from municipality.web.components.fields import post_button


@dataclass(frozen=True)
class Button:
    """Small button that sends a POST request with `values`."""

    label: str
    address: str
    tone: str = "2"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ListEntry:
    """One entry of a list. `mark` is a badge or a word before the title."""

    title: str
    text: str
    at: datetime
    mark: str | SafeString
    buttons: Sequence[Button] = ()


def entries(context: Any, rows: Iterable[ListEntry]) -> SafeString:
    """The entries as a list without columns."""
    return format_html(
        '<ul class="says">{}</ul>',
        format_html_join("", "<li>{}</li>", ((_entry(context, row),) for row in rows)),
    )


def _entry(context: Any, entry: ListEntry) -> SafeString:
    drawn = [
        post_button(context, each.address, each.label, each.tone, small=True, **each.values)
        for each in entry.buttons
    ]
    buttons = SafeString("".join(drawn))
    if len(drawn) > 1:
        buttons = format_html('<span class="acts">{}</span>', buttons)
    mark = entry.mark
    return format_html(
        '<header>{}<b>{}</b><span class="nw">{}</span></header><p>{}</p>{}',
        mark if isinstance(mark, SafeString) else format_html("<span>{}</span>", mark),
        entry.title,
        moment(entry.at),
        linebreaksbr(entry.text),
        format_html("<div>{}</div>", buttons) if drawn else "",
    )
