"""What pages lead to with a query: links of tabs, orders and pages of a list, and each choice of a
list's filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve

LINK = re.compile(rb'href="((?:/\d{6}/[^"?#]*)?\?[^"#]+)')

WHOLE = re.compile(rb'href="(/\d{6}/[^"#]*)')

FILTER = re.compile(rb'<form class="bar"[^>]*>(.*?)</form>', re.DOTALL)
CHOICES = re.compile(rb'<select[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOICE = re.compile(rb'<option value="([^"]+)"')

ELSEWHERE = {"file", "as", "next"}
"""A query with one of these asks for a file, or leads to a form that comes back."""


ALIKE = {"verb", "kind", "matter"}
"""Filters with many choices that differ in nothing but the rows they leave."""


class Linked(NamedTuple):
    """A link as one persona got it. `shape` is its query without the numbers and days in it."""

    name: str
    shape: str
    who: str
    address: str


def links_in(content: bytes, page: str, who: str) -> Iterator[Linked]:
    """The links with a query on the page of this address, and what its filter asks for."""
    for found in [*LINK.findall(content), *filters_in(content)]:
        address = urljoin(page, unescape(found.decode()))
        parts = urlsplit(address)
        query = parse_qsl(parts.query)
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            continue
        if query and not ELSEWHERE & {key for key, _value in query}:
            yield Linked(name, shape_of(query), who, address)


def addresses_in(content: bytes) -> Iterator[str]:
    """Each address of the body that the page links, but those of files."""
    for found in set(WHOLE.findall(content)):
        address = unescape(found.decode())
        if not ELSEWHERE & set(dict(parse_qsl(urlsplit(address).query))):
            yield address


def filters_in(content: bytes) -> Iterator[bytes]:
    """Each choice of a filter as a query."""
    for form in FILTER.findall(content):
        for name, choices in CHOICES.findall(form):
            yield from (b"?%s=%s" % (name, value) for value in CHOICE.findall(choices))


def shape_of(query: list[tuple[str, str]]) -> str:
    """The query in the order of its names; a value of numbers or a day is any such value."""
    return " ".join(
        sorted(
            f"{key}={'*' if key in ALIKE else re.sub('[0-9]+', '0', value)}" for key, value in query
        )
    )


def one_of_each(links: Iterable[Linked]) -> list[Linked]:
    """Each shape once, as whoever met it first."""
    first: dict[tuple[str, str], Linked] = {}
    for link in links:
        first.setdefault((link.name, link.shape), link)
    return list(first.values())
