"""Codes that differ by leading zeros alone: a spreadsheet that was saved once without the format of
text turns 0101 into 101.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from django.utils.translation import gettext as _


class NearCodes:
    """Codes that are known, found again without their leading zeros. Each lies in a series: two
    series may number alike.
    """

    def __init__(self, codes: Iterable[tuple[Hashable, str]]) -> None:
        self._known: dict[tuple[Hashable, str], str] = {}
        for series, code in codes:
            self.add(code, series)

    def add(self, code: str, series: Hashable = "") -> None:
        """From now on the code is known."""
        self._known.setdefault((series, _bare(code)), code)

    def refusal(self, code: str, series: Hashable = "") -> str:
        """Why a code cannot be a new one; empty when no known code looks like it."""
        known = self._known.get((series, _bare(code)), code)
        if known == code:
            return ""
        return _(
            "「%(known)s」と先頭の0だけが違います。同じものなら「%(known)s」に直し、別のものなら0のほかも違う番号にしてください。"
        ) % {"known": known}


def _bare(code: str) -> str:
    return code.lstrip("0").upper()
