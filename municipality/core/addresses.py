"""Addresses of a body's pages. Resolving a name costs about 50 µs, and a list asks for hundreds: so
each name is resolved once per process and body, with marks in place of the numbers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode

FIRST_MARK = 7_000_000_001
"""Numbers that no row has: where they stand in an address, a row's number goes."""

MOST_KEPT = 10_000


def page_address(name: str, code: str, *args: Any, query: dict[str, Any] | None = None) -> str:
    """The address of the page `name` below `/<code>/`; `args` are what its pattern takes besides.

    Only numbers are filled into a remembered address; words go to Django, which quotes them.
    Raises NoReverseMatch as `reverse` does.
    """
    if not all(type(each) is int and each >= 0 for each in args):
        return reverse(name, args=[code, *args], query=query)
    parts = _parts(settings.ROOT_URLCONF, get_script_prefix(), name, code, len(args))
    path = parts[0] + "".join(
        f"{number}{part}" for number, part in zip(args, parts[1:], strict=True)
    )
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


@lru_cache(maxsize=MOST_KEPT)
def _parts(urlconf: Any, prefix: str, name: str, code: str, count: int) -> tuple[str, ...]:
    """What stands around the numbers; the first two arguments only tell apart what must not be
    mixed.
    """
    marks = range(FIRST_MARK, FIRST_MARK + count)
    rest, parts = reverse(name, args=[code, *marks]), []
    for mark in marks:
        before, _mark, rest = rest.partition(str(mark))
        parts.append(before)
    return (*parts, rest)
