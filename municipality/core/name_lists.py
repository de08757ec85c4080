"""The first few names of many, and how many more there are."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import ngettext, pgettext

MOST_NAMES = 3


def some_names(
    names: Collection[str], most: int = MOST_NAMES, *, counted: str = "things", joint: str = ""
) -> str:
    """総務課、税務課、市民課ほか2件: the first few, and the number of further ones. These are `counted`
    as things, people, departments or days; `joint` stands between the names where 、 does not.
    """
    words = (joint or pgettext("並び", "、")).join(list(names)[:most])
    more = len(names) - most
    return _with_more(counted, more) % {"names": words, "n": more} if more > 0 else words


def _with_more(counted: str, more: int) -> str:
    if counted == "people":
        return ngettext("%(names)sほか%(n)s人", "%(names)sほか%(n)s人", more)
    if counted == "departments":
        return ngettext("%(names)sほか%(n)s部署", "%(names)sほか%(n)s部署", more)
    if counted == "days":
        return ngettext("%(names)sほか%(n)s日", "%(names)sほか%(n)s日", more)
    return ngettext("%(names)sほか%(n)s件", "%(names)sほか%(n)s件", more)
