"""People found by what somebody types of them: 職員番号, name or kana, or a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import QuerySet

from municipality.core.search_keys import search_key, search_keys
from municipality.organisation.models import Member

Rows = dict[str, list[int]]
"""Keys of people, in the order of the index, by how they are written."""


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
    def by_number(self) -> Rows:
        """Rows by number."""
        return _rows_by(
            (row, {number}) for row, number in zip(self.rows, self.numbers, strict=True)
        )

    @cached_property
    def by_short_number(self) -> Rows:
        """Rows by number without leading zeros."""
        short = (number.lstrip("0") for number in self.numbers)
        return _rows_by((row, {number}) for row, number in zip(self.rows, short, strict=True))

    @cached_property
    def by_name(self) -> Rows:
        """Rows by name and by kana, and by the name behind the number."""
        written = zip(self.rows, self.numbers, self.names, self.kana, strict=True)
        return _rows_by((row, {name, kana, number + name}) for row, number, name, kana in written)

    @cached_property
    def by_surname(self) -> Rows:
        """Rows by what stands before the first blank of the name, and of its kana."""
        names, kana = (
            search_keys((text.split() or [""])[0] for text in texts) for texts in self.spelled
        )
        written = zip(self.rows, names, kana, strict=True)
        return _rows_by((row, {name, kana}) for row, name, kana in written)

    def holding(self, text: str) -> list[int]:
        """Rows of all in whose number and name, or kana, the text stands: a walk past everybody."""
        key = search_key(text)
        written = zip(self.rows, self.numbers, self.names, self.kana, strict=True)
        return [
            row
            for row, number, name, kana in written
            if key and (key in number + name or key in kana or _same_number(number, key))
        ]

    def named(self, text: str) -> list[int]:
        """Rows of those whose number it is, else their name or kana (with or without the number
        before it), else their surname. A look-up.
        """
        key = search_key(text)
        return self.numbered(text) or self.by_name.get(key) or self.by_surname.get(key) or []

    def numbered(self, text: str) -> list[int]:
        """Rows of those with this number; if there is none, but for leading zeros. A look-up."""
        key = search_key(text)
        return self.by_number.get(key) or self.by_short_number.get(key.lstrip("0")) or []


def _rows_by(keys_of: Iterable[tuple[int, set[str]]]) -> Rows:
    rows: Rows = {}
    for row, keys in keys_of:
        for key in keys - {""}:
            rows.setdefault(key, []).append(row)
    return rows


def _same_number(number: str, key: str) -> bool:
    return bool(key.lstrip("0")) and number.lstrip("0") == key.lstrip("0")


def people_called(people: QuerySet[Member], text: str) -> QuerySet[Member]:
    """Of these people those whose number, name or kana holds the text; all without a text."""
    if not text.strip():
        return people
    return people.filter(pk__in=PeopleIndex(people).holding(text))
