"""Kana in letters as people type them into a password, and one spelling for all of these."""

from __future__ import annotations

import re
import unicodedata

from municipality.core.search_keys import TO_KATAKANA

VOWELS = "aiueo"

JOINED = "*"
"""Stands between キ and ャ while they become kya."""

ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "s": "サシスセソ",
    "t": "タチツテト",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "g": "ガギグゲゴ",
    "z": "ザジズゼゾ",
    "d": "ダヂヅデド",
    "b": "バビブベボ",
    "p": "パピプペポ",
}

LETTERS = {
    kana: f"{consonant}{vowel}"
    for consonant, row in ROWS.items()
    for kana, vowel in zip(row, VOWELS, strict=True)
} | {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ワ": "wa", "ヲ": "o"}
LETTERS |= {"ン": "n", "ヴ": "b", JOINED: JOINED}

HIRAGANA = re.compile("[ぁ-ゖ]")

TWISTED = re.compile("(?<=[イキシチニヒミリギジヂビピ])(?=[ャュョ])")

ONE_SPELLING = (
    ("sh(?=[aueo])", "sy"),
    ("shi", "si"),
    ("t?ch(?=[aueo])", "ty"),
    ("t?chi", "ti"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("dzu|du", "zu"),
    ("ji|di", "zi"),
    ("jy?(?=[aueo])|dy(?=[auo])", "zy"),
    ("m(?=[bp])", "n"),
    ("oh(?![aiueo])|ou|oo", "o"),
    ("uu", "u"),
    ("nn", "n"),
    ("([ksptc])\\1", "\\1"),
)
"""Hepburn, Kunrei and the ways between them, long vowels and doubled consonants as one."""


def one_spelling(text: str) -> str:
    """Letters as of any romanisation in one: matsuoka, matuoka; ohno, oono, ono."""
    for pattern, letters in ONE_SPELLING:
        text = re.sub(pattern, letters, text)
    return text


def romanised(kana: str) -> str:
    """Kana, of any width, in the letters of `one_spelling`; whatever is no kana is left out."""
    wide = HIRAGANA.sub(
        lambda letter: chr(ord(letter[0]) + TO_KATAKANA), unicodedata.normalize("NFKC", kana)
    )
    letters = "".join(LETTERS.get(letter, "") for letter in TWISTED.sub(JOINED, wide))
    return one_spelling(letters.replace(f"i{JOINED}y", "y"))
