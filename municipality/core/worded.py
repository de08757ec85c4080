"""Text that is frozen as its message and values, and worded anew in the language of who reads it.

A `Worded` is text like any other; as SafeString knows that it is safe, it knows what it is made of.
`said` makes one of a lazy message, a function marked with `kept_as` one of its arguments. `kept`
turns a content with such text into plain JSON, `worded` turns that JSON into text again. What a
person typed and what was frozen as text stays the text it is.

    {"says": "%(first)sから%(last)sまで", "values": {"first": {"as": "era_day", …}, …}}

The message is its Japanese: that is what was decided, whatever becomes of the catalogue. The names
of functions stand in what was frozen and are never renamed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

logger = logging.getLogger(__name__)

FORMS: dict[str, Callable[..., str]] = {}
"""Functions that word their arguments, by the name under which those are kept."""

UNREADABLE = "—"
"""What stands for a text that cannot be read; the log says which. Where somebody changed it, its
hash tells that, too; where our own code reads it no more, only tests and log do.
"""


class Worded(str):
    """Text in the active language that knows what it is made of."""

    __slots__ = ("made_of",)
    made_of: Any

    def __new__(cls, words: str, made_of: Any = None) -> Self:
        """Without an origin it is the text that it is."""
        text = super().__new__(cls, words)
        text.made_of = made_of
        return text


def said(message: Any, **values: Any) -> str:
    """The lazy message with these values. What is no message, such as %, stays as it is."""
    if not isinstance(message, Promise):
        return str(message)
    text = str(message)
    return Worded(text % values if values else text, _parts_of(message) | {"values": values})


def kept_as(name: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Marks a function that words its arguments: texts, numbers and days. Where its text is frozen,
    the arguments are, under this name.
    """

    def register(function: Callable[..., str]) -> Callable[..., str]:
        FORMS[name] = function

        @wraps(function)
        def word(*args: Any) -> str:
            return Worded(function(*args), {"as": name, "of": args})

        return word

    return register


@kept_as("strung")
def strung(between: Any, *parts: object) -> str:
    """The parts in a row, with a text between each two."""
    return str(between).join(map(str, parts))


def is_english() -> bool:
    """Does the reader read English?"""
    return (get_language() or "ja").startswith("en")


@kept_as("in_language")
def in_language(japanese: str, english: str) -> str:
    """A name that is kept in both languages; Japanese where it has no English."""
    return english if english and is_english() else japanese


@kept_as("unit")
def spaced_unit(unit: str) -> str:
    """A unit as it follows a number: with a space before an English word."""
    return f" {unit}" if unit[:1].isalpha() and is_english() else unit


@kept_as("sentences")
def sentences(*parts: object) -> str:
    """Sentences one after the other, with a blank between English ones; an empty one is
    left out.
    """
    return (" " if is_english() else "").join(str(part) for part in parts if part)


def kept(value: Any) -> Any:
    """What the value is made of, as plain JSON; what is kept already stays as it is. A moment is
    refused with TypeError: which day it is depends on where one asks (`date_words.local_day`).
    """
    if isinstance(value, Worded):
        return str(value) if value.made_of is None else kept(value.made_of)
    if isinstance(value, Promise):
        return _parts_of(value)
    if isinstance(value, dict):
        return {key: kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [kept(each) for each in value]
    if isinstance(value, datetime):
        raise TypeError(f"A moment is frozen as its day: {value!r}")
    return {"date": value.isoformat()} if isinstance(value, date) else value


def worded(value: Any) -> Any:
    """The same with every text in the active language."""
    if isinstance(value, list):
        return [worded(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "says" not in value and value.keys() not in ({"as", "of"}, {"date"}):
        return {key: worded(each) for key, each in value.items()}
    try:
        return _read(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return _unreadable(value, error)


def _unreadable(value: dict[str, Any], error: Exception) -> str:
    """The mark, with one line for the operator that tells the message, not what was typed."""
    name = value.get("says", value.get("as", "date"))
    logger.error("Frozen text cannot be read: %.80r (%s)", name, type(error).__name__)
    return UNREADABLE


def _read(value: dict[str, Any]) -> Any:
    if "date" in value:
        return date.fromisoformat(value["date"])
    if "as" in value:
        return Worded(FORMS[value["as"]](*worded(value["of"])), value)
    values = worded(value.get("values"))
    text = _message(**{key: each for key, each in value.items() if key != "values"})
    return Worded(text % values if values else text, value)


def _message(says: str, plural: str = "", number: int = 0, context: str = "") -> str:
    """The message in the active language."""
    if plural:
        text = npgettext(context, says, plural, number) if context else ""
        return text or ngettext(says, plural, number)
    return pgettext(context, says) if context else gettext(says)


def _parts_of(message: Promise) -> dict[str, Any]:
    """What a lazy message was made of: Django tells that to whoever pickles it, and to nobody
    else (tests/meta/test_private_names.py).
    """
    _function, args, named, *_classes = message.__reduce__()[1]  # type: ignore[misc]
    if named:
        return {
            "says": named["singular"],
            **{key: named[key] for key in named if key != "singular"},
        }
    *context, says = args
    return {"says": says} | ({"context": context[0]} if context else {})
