"""Steps of a procedure, and stages of the rollout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils.safestring import SafeString

from municipality.core.date_words import short_day
from municipality.web.components.drawing import draw

register = Library()


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


def step(
    label: str, reached: int, at: int, day: date | datetime | None, *, waits: bool = False
) -> dict[str, Any]:
    """One stage: done before the reached one, 'now' at the reached one, unless that one only
    `waits` for somebody to begin it.
    """
    state = "done" if at < reached else "now" if at == reached and not waits else "todo"
    return {"label": label, "state": state, "note": short_day(day) if day else ""}
