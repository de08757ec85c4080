"""One spelling for all ways in which people type a name or a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from municipality.core.kanji_variants import variants

FIRST_HIRAGANA, LAST_HIRAGANA, TO_KATAKANA = 0x3041, 0x3096, 0x60

SMALL, LARGE = "ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"

BETWEEN = "\n"

SIGNS = re.compile(rf"[^\w{BETWEEN}]|_")

REPEATED = re.compile(r"(\w)々")


def _same_letters() -> dict[int, str]:
    large = dict(zip(SMALL, LARGE, strict=True))
    hiragana = {
        chr(code): chr(code + TO_KATAKANA) for code in range(FIRST_HIRAGANA, LAST_HIRAGANA + 1)
    }
    katakana = {letter: large.get(kana, kana) for letter, kana in hiragana.items()}
    return str.maketrans(variants() | large | katakana)


SAME_LETTERS = _same_letters()


def search_keys(texts: Iterable[str]) -> list[str]:
    """Each text without width, case, blanks, signs and variation selectors, in katakana without
    small letters, each kanji in its usual form: equal for texts that people take for the same. All
    are worked at once, since thousands one by one take a second.
    """
    joined = BETWEEN.join(text.replace(BETWEEN, " ") for text in texts)
    letters = SIGNS.sub("", unicodedata.normalize("NFKC", joined))
    return REPEATED.sub(r"\1\1", letters.casefold().translate(SAME_LETTERS)).split(BETWEEN)


def search_key(text: str) -> str:
    """The key of one text."""
    return search_keys([text])[0]
