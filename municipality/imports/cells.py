"""Reading one cell: each reader takes the text without outer spaces and gives its value, or says what it expects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from municipality.periods import read_date

from .kinds import words_of

T = TypeVar("T")

BREAKS = re.compile("[\n\r\t\u2028\u2029\x85]")
CODE = re.compile(r"[0-9A-Za-z_-]+")
# A letter and its marks. Compatibility ideographs are no letters here: NFC would put U+795E in the place of U+FA19 (神).
MARKED = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")


def compose(text: str) -> str:
    """Join letters with their separate marks (か + ゛ → が) as NFC does, and leave every other character as it is."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return MARKED.sub(lambda found: unicodedata.normalize("NFC", found.group()), text)


def words(most: int) -> Callable[[str], str]:
    """A text of one line with at most so many characters."""

    def read(text: str) -> str:
        if BREAKS.search(text):
            raise ValueError(_("改行やタブを含めずに、1行で入力してください。"))
        if len(text) > most:
            raise ValueError(_("%(most)s文字以内で入力してください。") % {"most": most})
        return text

    return read


def code(most: int = 20) -> Callable[[str], str]:
    """A code of half-width letters and digits; leading zeros stay."""

    def read(text: str) -> str:
        if not CODE.fullmatch(text) or len(text) > most:
            raise ValueError(_("半角の英数字で%(most)s文字以内で入力してください。") % {"most": most})
        return text

    return read


def day(text: str) -> date:
    """A date in either calendar."""
    try:
        found = read_date(text)
    except ValueError:
        raise ValueError(
            _("日付を 2026-04-01、2026/4/1、令和8年4月1日、R8.4.1 のいずれかの書き方で入力してください。")
        ) from None
    if not 1900 <= found.year <= 2200:
        raise ValueError(_("1900年から2200年までの日付を入力してください。"))
    return found


def choice(choices: Mapping[str, T]) -> Callable[[str], T]:
    """One of the words, read as the value that stands beside it."""

    def read(text: str) -> T:
        if text not in choices:
            raise ValueError(_("%(words)s のいずれかを入力してください。") % {"words": words_of(choices)})
        return choices[text]

    return read


def several(choices: Mapping[str, T]) -> Callable[[str], tuple[T, ...]]:
    """One or more of the words joined by ・, each once."""

    def read(text: str) -> tuple[T, ...]:
        parts = [part.strip() for part in text.split("・")]
        if not all(part in choices for part in parts):
            raise ValueError(
                _("%(words)s のいずれかを、複数のときは「・」でつないで入力してください。")
                % {"words": words_of(choices)}
            )
        return tuple(dict.fromkeys(choices[part] for part in parts))

    return read


def mail(text: str) -> str:
    """A mail address."""
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("メールアドレスの形(例 hanako@town.example.jp)で入力してください。")) from None
    if len(text) > 254:
        raise ValueError(_("%(most)s文字以内で入力してください。") % {"most": 254})
    return text


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, written in half-width digits."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise ValueError(
                _("%(least)sから%(most)sまでの整数を半角で入力してください。") % {"least": least, "most": most}
            )
        return int(text)

    return read
