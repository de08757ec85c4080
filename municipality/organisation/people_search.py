"""People found by what somebody types of them: 職員番号, name or kana, or a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from municipality.core.search_keys import search_key, search_keys
from municipality.organisation.models import Member


class PeopleFound(NamedTuple):
    """Rows of those who fit best. They are `named` when the text is their number, name or surname,
    and not only a part of it.
    """

    rows: list[int]
    named: bool


class PeopleIndex:
    """How each of these people is written. One query, which reads no more than that; the texts are
    compared here and not in the database, which knows no variants of kanji.
    """

    def __init__(self, people: QuerySet[Member]) -> None:
        written = list(people.order_by().values_list("pk", "number", "name", "kana"))
        self.rows = [row for row, _number, _name, _kana in written]
        self.numbers = search_keys(number for _row, number, _name, _kana in written)
        self.spelled = [
            [name for _row, _number, name, _kana in written],
            [kana for _row, _number, _name, kana in written],
        ]
        self.names, self.kana = (search_keys(texts) for texts in self.spelled)

    @cached_property
    def surnames(self) -> list[set[str]]:
        """What stands before the first blank of each name, and of its kana."""
        names, kana = (
            search_keys((text.split() or [""])[0] for text in texts) for texts in self.spelled
        )
        return [{*pair} for pair in zip(names, kana, strict=True)]

    def holding(self, text: str) -> list[int]:
        """Rows of all in whose number and name, or kana, the text stands."""
        key = search_key(text)
        return self._where(
            key in number + name or key in kana or _same_number(number, key)
            for number, name, kana in zip(self.numbers, self.names, self.kana, strict=True)
            if key
        )

    def best(self, text: str) -> PeopleFound:
        """Who fits best: by number, by name or kana (with or without the number before it), by
        surname, and else by a part.
        """
        key = search_key(text)
        names = zip(self.numbers, self.names, self.kana, strict=True)
        rows = (
            self.numbered(text)
            or self._where(key in {name, kana, number + name} for number, name, kana in names)
            or self._where(key in surnames for surnames in self.surnames)
        )
        if rows and key:
            return PeopleFound(rows, named=True)
        return PeopleFound(self.holding(text), named=False)

    def numbered(self, text: str) -> list[int]:
        """Rows of those with this number; if there is none, but for leading zeros."""
        key = search_key(text)
        return self._where(key == number for number in self.numbers) or self._where(
            _same_number(number, key) for number in self.numbers
        )

    def _where(self, fits: Iterable[bool]) -> list[int]:
        return [row for row, fit in zip(self.rows, fits, strict=False) if fit]


def _same_number(number: str, key: str) -> bool:
    return bool(key.lstrip("0")) and number.lstrip("0") == key.lstrip("0")


def people_called(people: QuerySet[Member], text: str) -> QuerySet[Member]:
    """Of these people those whose number, name or kana holds the text; all without a text."""
    if not text.strip():
        return people
    return people.filter(pk__in=PeopleIndex(people).holding(text))
