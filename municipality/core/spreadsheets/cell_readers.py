"""Reading one cell: each reader takes the text without outer spaces and gives its value, or says
what it expects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from municipality.core.periods import lacks_year, read_date
from municipality.core.spreadsheets.table import words_of

T = TypeVar("T")


@dataclass(frozen=True)
class Reader(Generic[T]):
    """A reader that also says how a value is written (`expected`) and which words there are to
    choose from.
    """

    read: Callable[[str], T]
    expected: Any = ""
    words: tuple[str, ...] = ()

    def __call__(self, text: str) -> T:
        """The value, or ValueError with what is expected."""
        return self.read(text)


BREAKS = re.compile("[\n\r\t\u2028\u2029\x85]")

WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,12})(?:\.0+)?")

CODE = re.compile(r"[0-9A-Za-z_-]+")

# A letter and its marks. Compatibility ideographs are no letters here: NFC would put U+795E in the
# place of U+FA19 (神).
MARKED = re.compile(
    "[^\uf900-\ufaff\U0002f800-\U0002fa1f\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+"
)


def compose(text: str) -> str:
    """Join letters with their separate marks (か + ゛ → が) as NFC does, and leave every other
    character as it is.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return MARKED.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)


def words(most: int) -> Callable[[str], str]:
    """A text of one line with at most so many characters."""

    def read(text: str) -> str:
        if BREAKS.search(text):
            raise ValueError(_("改行やタブを含めずに、1行で入力してください。"))
        if len(text) > most:
            raise ValueError(_within(most))
        return text

    return Reader(read, lazy(_within, str)(most))


def _within(most: int) -> str:
    return _("%(most)s文字以内で入力してください。") % {"most": most}


def code(most: int = 20) -> Callable[[str], str]:
    """A code of half-width letters and digits; leading zeros stay."""

    def read(text: str) -> str:
        if not CODE.fullmatch(text) or len(text) > most:
            raise ValueError(_coded(most))
        return text

    return Reader(read, lazy(_coded, str)(most))


def _coded(most: int) -> str:
    return _("半角の英数字で%(most)s文字以内で入力してください。") % {"most": most}


def _dated() -> str:
    return _(
        "日付を 2026-04-01、2026/4/1、令和8年4月1日、R8.4.1 のいずれかの書き方で入力してください。"
    )


def _read_day(text: str) -> date:
    try:
        day = read_date(text)
    except ValueError:
        yearless = _("年のない日付です。2026/4/1 のように、年から入力してください。")
        raise ValueError(yearless if lacks_year(text) else _dated()) from None
    if not 1900 <= day.year <= 2200:
        raise ValueError(_("1900年から2200年までの日付を入力してください。"))
    return day


day = Reader(_read_day, lazy(_dated, str)())
"""A date in either calendar."""


def _monthly() -> str:
    return _("月を 2026-10、2026/10、令和8年10月、R8.10 のいずれかの書き方で入力してください。")


def _read_month(text: str) -> date:
    for rest in ("", "1日", ".1"):
        try:
            return _read_day(text + rest).replace(day=1)
        except ValueError:
            continue
    raise ValueError(_monthly())


month = Reader(_read_month, lazy(_monthly, str)())
"""The first day of a month, written as a month or as any of its days."""


def choice(choices: Mapping[str, T]) -> Reader[T]:
    """One of the words, read as the value that stands beside it."""

    def read(text: str) -> T:
        if text not in choices:
            raise ValueError(_one_of(choices))
        return choices[text]

    return Reader(read, lazy(_one_of, str)(choices), tuple(choices))


def _one_of(choices: Mapping[str, Any]) -> str:
    return _("%(words)s のいずれかを入力してください。") % {"words": words_of(choices)}


def several(choices: Mapping[str, T]) -> Callable[[str], tuple[T, ...]]:
    """One or more of the words joined by ・, each once."""

    def read(text: str) -> tuple[T, ...]:
        parts = [part.strip() for part in text.split("・")]
        if not all(part in choices for part in parts):
            raise ValueError(_some_of(choices))
        return tuple(dict.fromkeys(choices[part] for part in parts))

    return Reader(read, lazy(_some_of, str)(choices))


def _some_of(choices: Mapping[str, Any]) -> str:
    return _("%(words)s のいずれかを、複数のときは「・」でつないで入力してください。") % {
        "words": words_of(choices)
    }


def _addressed() -> str:
    return _("メールアドレスの形(例 hanako@town.example.jp)で入力してください。")


def _read_mail(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_addressed()) from None
    if len(text) > 254:
        raise ValueError(_within(254))
    return text


mail = Reader(_read_mail, lazy(_addressed, str)())
"""A mail address."""


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, written in half-width digits; 85.00 is 85."""

    def read(text: str) -> int:
        match = WHOLE_NUMBER.fullmatch(text)
        if not match or not least <= int(match[1]) <= most:
            raise ValueError(_bounded(least, most))
        return int(match[1])

    return Reader(read, lazy(_bounded, str)(least, most))


def _bounded(least: int, most: int) -> str:
    return _("%(least)sから%(most)sまでの整数を半角で入力してください。") % {
        "least": least,
        "most": most,
    }
