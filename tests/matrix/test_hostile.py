"""Hostile values in every field and parameter: nothing ends in an error of the server, and what was
refused changed nothing.

`make test` sends one value to each field and address, another one for each; `make soak` sends all
of them to all on PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import pytest

from tests.world import World
from tests.world.asking import Answer, Asker
from tests.world.town import INSIDE

from .sending import SENDING
from .table import ROWS, Row
from .walk import address_of

pytestmark = pytest.mark.django_db

HOSTILE = (
    "\x00",
    "a\x00b",
    "\u202eabc\u200b",
    "-1",
    "0",
    "99999999999999999999999",
    "-99999999999999999999999",
    "1e400",
    "NaN",
    "²",
    "٣",
    "0001-01-01",
    "9999-12-31",
    "令和0年1月1日",
    "2026-02-30",
    "あ" * 5_000,
    "'; --",
    "<script>alert(1)</script>",
    "%s%(name)s{0}",
    "../../etc/passwd",
    "[]",
    '{"a": 1}',
)
NAMES = re.compile(r'<(?:input|select|textarea)[^>]*?\sname="([\w.\[\]-]+)"')
QUERY = re.compile(r'href="[^"]*\?([\w]+)=')
SPARED = {"csrfmiddlewaretoken"}


def picked(*words: object, number: int = 1) -> list[str]:
    """So many of the hostile values, others for other words."""
    start = crc32(repr(words).encode())
    return [HOSTILE[(start + step * 7) % len(HOSTILE)] for step in range(number)]


def allowed(row: Row) -> tuple[str, str] | None:
    """A slot and a persona who get through in it."""
    for slot in row.cells:
        for who in INSIDE:
            if row.expected(slot, who) in {200, 302}:
                return slot, who
    return None


def faults(row: Row, told: str, answer: Answer) -> Iterator[str]:
    """What must not come back."""
    if answer.status >= 500:
        yield f"{row.name} {told}: {answer.status} {answer.location}"
    if answer.leak:
        yield f"{row.name} {told}: {answer.leak}"
    if answer.changed and answer.status not in {200, 302}:
        yield f"{row.name} {told}: {answer.status} and changed something"


def asked(world: World, asker: Asker, row: Row, number: int) -> Iterator[str]:
    """A page with hostile values in all parameters that its own forms and links have."""
    found = allowed(row)
    if found is None:
        return
    slot, who = found
    address, thing = address_of(world, row, slot), _thing(world, row, slot)
    sending = SENDING.get(row.name)
    given = (lambda: sending.given(world.here, thing)) if sending and sending.given else None
    plain = asker.ask(who, "GET", address, given=given)
    text = plain.content.decode(errors="replace")
    names = {*NAMES.findall(text), *QUERY.findall(text), "page", "q", "next"} - SPARED
    for value in picked(row.name, number=number):
        query = urlencode(dict.fromkeys(sorted(names), value))
        answer = asker.ask(who, "GET", f"{address}?{query}", given=given)
        yield from faults(row, f"?…={value[:20]!r}", answer)


def sent(world: World, asker: Asker, row: Row, number: int) -> Iterator[str]:
    """A form that would be taken, with one field at a time made hostile."""
    found = allowed(row)
    sending = SENDING.get(row.name)
    if found is None or sending is None or sending.data is None:
        return
    slot, who = found
    thing = _thing(world, row, slot)
    given = (lambda: sending.given(world.here, thing)) if sending.given else None
    fields: list[str] = []

    def data(name: str = "", value: str = "") -> dict[str, Any]:
        form = dict(sending.data(world.here, thing, who))
        fields[:] = sorted(form)
        return {**form, name: value} if name else form

    address = address_of(world, row, slot)
    asker.ask(who, "POST", address, data=data, given=given)
    for name in tuple(fields):
        for value in picked(row.name, name, number=number):
            answer = asker.ask(
                who,
                "POST",
                address,
                data=lambda name=name, value=value: data(name, value),
                given=given,
            )
            yield from faults(row, f"{name}={value[:20]!r}", answer)


def _thing(world: World, row: Row, slot: str) -> Any:
    return world.here.things[row.family][slot] if row.family and slot else None


def all_of(world: World, asker: Asker, method: str, number: int) -> tuple[list[str], int]:
    """Each fault of all addresses, and how many addresses were tried."""
    rows = [row for row in ROWS if row.method == method]
    act = asked if method == "GET" else sent
    return [fault for row in rows for fault in act(world, asker, row, number)], len(rows)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_hostile_value_ends_in_an_error(method, world, asker, record_property):
    found, count = all_of(world, asker, method, 1)
    record_property("cases", count)
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.soak
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_all_hostile_values_everywhere(method, world, asker, record_property):
    found, count = all_of(world, asker, method, len(HOSTILE))
    record_property("cases", count * len(HOSTILE))
    assert found == [], "\n" + "\n".join(found)
