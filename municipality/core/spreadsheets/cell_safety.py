"""One value as a cell: nothing that a spreadsheet would run as a formula, and nothing lost on the
way back.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

STARTS = "=+\\-@＝＋－＠﹦﹢﹣﹫−\t\r\n"

RUNNABLE = re.compile(f"'*[{STARTS}]")

NEUTRAL = re.compile(f"'+[{STARTS}]")


def neutral(text: str) -> str:
    """The text with an apostrophe before what would begin a formula; one more where one stands
    already, so that it is undone exactly.
    """
    return f"'{text}" if RUNNABLE.match(text) else text


def restored(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") and NEUTRAL.match(text) else text


def cell(value: Any) -> Any:
    """A value as it is written: whole and broken numbers and days as such, everything else as
    harmless text.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).replace(tzinfo=None, microsecond=0)
            if timezone.is_aware(value)
            else value
        )
    if isinstance(value, date):
        return value
    return neutral(str(value) if isinstance(value, Promise) else f"{value}")


def text(value: Any) -> str:
    """A cell as CSV holds it: days in ISO, moments to the minute."""
    made = cell(value)
    if isinstance(made, datetime):
        return f"{made:%Y-%m-%d %H:%M}"
    return made.isoformat() if isinstance(made, date) else str(made)
