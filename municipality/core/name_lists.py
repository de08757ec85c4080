"""The first few names of many, and how many more there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import ngettext_lazy, pgettext_lazy

from municipality.core.worded import said, strung

MOST_NAMES = 3

COMMA = pgettext_lazy("並び", "、")
"""What stands between two names."""


def all_names(names: Iterable[object]) -> str:
    """総務課、税務課、市民課: all of them, one after the other."""
    return strung(COMMA, *names)


def some_names(
    names: Collection[str], most: int = MOST_NAMES, *, counted: str = "things", joint: str = ""
) -> str:
    """総務課、税務課、市民課ほか2件: the first few, and the number of further ones. These are `counted`
    as things, people, departments or days; `joint` stands between the names where 、 does not.
    """
    words = strung(joint or COMMA, *list(names)[:most])
    more = len(names) - most
    return said(_with_more(counted, more), names=words, n=more) if more > 0 else words


def _with_more(counted: str, more: int) -> Any:
    if counted == "people":
        return ngettext_lazy("%(names)sほか%(n)s人", "%(names)sほか%(n)s人", more)
    if counted == "departments":
        return ngettext_lazy("%(names)sほか%(n)s部署", "%(names)sほか%(n)s部署", more)
    if counted == "days":
        return ngettext_lazy("%(names)sほか%(n)s日", "%(names)sほか%(n)s日", more)
    return ngettext_lazy("%(names)sほか%(n)s件", "%(names)sほか%(n)s件", more)
