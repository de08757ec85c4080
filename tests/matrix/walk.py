"""Walks the table: one row, all its objects, all personas; what differs is gathered and told at
once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from tests.world import World
from tests.world.asking import HALF, Answer, Asker
from tests.world.town import INSIDE, OUTSIDE

from .sending import ONLY_WHAT_MAY_MOVE, SENDING, Sending
from .table import ABSENT, Row

SIGN_IN, SECOND_FACTOR = "/accounts/login/", "/accounts/two-factor/"
SIGNED_OUT = ("signed_out", "deactivated")
SHUT = ("locked",)
ABROAD = ("staff", "manager", "office", "consultant")
"""Who knocks at the other body's own address; they have no place there, whatever they are at
home.
"""


@dataclass(frozen=True)
class Case:
    """One request: who, how, where, and what is expected (status, and where it leads when that is
    one of the two doors).
    """

    who: str
    method: str
    address: str
    slot: str
    status: int
    door: str = ""
    target: Any = None


def address_of(world: World, row: Row, slot: str) -> str:
    """The address of the row's object in this slot. `foreign`: ours with the other body's number;
    `abroad`: theirs altogether.
    """
    more = (SENDING.get(row.name) or Sending()).more or {}
    code = world.there.code if slot == "abroad" else world.here.code
    if not row.family:
        return reverse(row.name, kwargs={"code": code, **more})
    return reverse(row.name, kwargs={"code": code, "pk": number_of(world, row, slot), **more})


def number_of(world: World, row: Row, slot: str) -> int:
    """The number of the object in this slot."""
    if slot == ABSENT:
        return world.absent(row.family)
    if slot in {"foreign", "abroad"}:
        twin = next(name for name in row.cells if name != ABSENT)
        return int(world.there.things[row.family][twin].pk)
    return int(world.here.things[row.family][slot].pk)


def sampled(people: Sequence[Any], turn: int) -> list[Any]:
    """A third of these; three turns that follow each other ask for all."""
    return list(people[turn % 3 :: 3])


def cases_of(world: World, row: Row, turn: int | None = None) -> Iterator[Case]:
    """Every case of a row. With a turn, a third of the people asks for what nobody may see: an
    absent thing, one of another body, or anything at all from outside.
    """
    inside = INSIDE if turn is None else sampled(INSIDE, turn)
    outsiders = OUTSIDE if turn is None else sampled(OUTSIDE, turn)
    for slot in [*row.cells, *(["foreign"] if row.family else []), "abroad"]:
        address = address_of(world, row, slot)
        target = (
            None
            if slot in {ABSENT, "foreign", "abroad"} or not row.family
            else world.here.things[row.family][slot]
        )
        for who in inside if slot in {ABSENT, "foreign"} else INSIDE:
            status = (
                404
                if slot == "abroad"
                else row.expected(ABSENT if slot == "foreign" else slot, who)
            )
            if slot != "abroad" or who in ABROAD:
                yield Case(who, row.method, address, slot, status, target=target)
    for slot in {next(iter(row.cells)), ABSENT if row.family else ""}:
        yield from (
            outside(who, row.method, address_of(world, row, slot), slot) for who in outsiders
        )


def outside(who: str, method: str, address: str, slot: str) -> Case:
    """What somebody gets who does not get into the body, whatever they ask for."""
    if who in SIGNED_OUT:
        return Case(who, method, address, slot, 302, SIGN_IN)
    if who in HALF:
        return Case(who, method, address, slot, 302, SECOND_FACTOR)
    return Case(who, method, address, slot, 403 if who in SHUT else 404)


def wrong_methods(
    world: World, row: Row, allowed: set[str], turn: int | None = None
) -> Iterator[Case]:
    """Methods that the address does not know are 405 for whoever gets in, before anything else is
    asked. With a turn, one person in three tries.
    """
    inside = INSIDE if turn is None else sampled(INSIDE, turn)
    outsiders = OUTSIDE if turn is None else sampled(OUTSIDE, turn)
    slot = next(iter(row.cells))
    address = address_of(world, row, slot)
    for method in sorted({"GET", "POST"} - allowed):
        yield from (Case(who, method, address, slot, 405) for who in inside)
        yield from (outside(who, method, address, slot) for who in outsiders)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        yield Case("office", method, address, slot, 405)
        yield outside("half", method, address, slot)


def send(world: World, asker: Asker, row: Row, case: Case) -> Answer:
    """Ask, with the thing in its state and the form that belongs to the address."""
    sending = SENDING.get(row.name) or Sending()
    given = data = None
    if case.who in INSIDE and case.status != 405 and case.slot not in {ABSENT, "foreign", "abroad"}:
        given = partial(sending.given, world.here, case.target) if sending.given else None
        data = (
            partial(sending.data, world.here, case.target, case.who)
            if sending.data and case.method == "POST"
            else None
        )
    return asker.ask(case.who, case.method, case.address, data=data, given=given)


def differences(world: World, asker: Asker, row: Row, cases: Iterable[Case]) -> Iterator[str]:
    """Each case that is not answered as the table says, leaks, changes what it must not, or changes
    nothing where it should.
    """
    twins: dict[tuple[str, str], Answer] = {}
    for case in cases:
        answer = send(world, asker, row, case)
        told = f"{row.name} {case.method} {case.slot or '-'} {case.who}"
        wrong = _wrong(case, answer)
        if wrong and not (wrong == "changed nothing" and row.name in ONLY_WHAT_MAY_MOVE):
            yield f"{told}: {wrong}"
        for fault in filter(None, (answer.leak, answer.lacks)):
            yield f"{told}: {fault}"
        if case.slot in {ABSENT, "foreign"}:
            twins[case.who, case.slot] = answer
    for (who, slot), answer in twins.items():
        absent = twins.get((who, ABSENT))
        if slot == "foreign" and absent and plain(answer) != plain(absent):
            yield (
                f"{row.name} {row.method} {who}: another body's thing is answered otherwise than "
                "an absent one"
            )


def _wrong(case: Case, answer: Answer) -> str:
    if answer.status != case.status:
        return f"{answer.status} instead of {case.status} {answer.location}"
    if case.door and answer.location.split("?")[0] != case.door:
        return f"leads to {answer.location} instead of {case.door}"
    if not case.door and answer.location.startswith((SIGN_IN, SECOND_FACTOR)):
        return f"leads to {answer.location}"
    through = case.method == "POST" and case.status in {200, 302} and not case.door
    if answer.changed and not through:
        return "changed something"
    return "changed nothing" if through and not answer.changed else ""


def plain(answer: Answer) -> tuple[int, str, str]:
    """An answer without what differs by itself: token of the form, seconds the sign-in still lasts,
    number asked for.
    """
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]*"| data-lasts="\d+"', "", answer.content.decode()
    )
    return (
        answer.status,
        re.sub(r"/\d+/", "/N/", answer.location),
        re.sub(r"(%2F|/)\d+(?=%2F|/)", r"\1N", text),
    )
