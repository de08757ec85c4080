"""Numbers as people type them: digits of half or full width, and no others."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0*)?")

DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def narrow(text: str) -> str:
    """The text with letters and digits of their usual width (NFKC). Other signs that stand for
    numbers – ³, ③, ½, digits of other scripts – stay as they are: [0-9] matches none of them.
    """
    runs = ((other, "".join(run)) for other, run in groupby(text, _is_other_number))
    return "".join(run if other else unicodedata.normalize("NFKC", run) for other, run in runs)


def _is_other_number(letter: str) -> bool:
    if letter in "0123456789０１２３４５６７８９":
        return False
    return any(each.isdigit() for each in unicodedata.normalize("NFKC", letter))
