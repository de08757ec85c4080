"""What a page offers goes through, and what goes through is offered: every act of the rooms, in
every state of its object, for every persona.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from municipality.decisions.models import Decision
from rollout.readiness.models import Assessment
from tests.world import World
from tests.world.asking import Answer, Asker
from tests.world.town import INSIDE, Town

from .offers import Offer, offers_in
from .sending import SENDING, Given, Sending
from .table import ROWS, Row

pytestmark = pytest.mark.django_db

REFUSED = {403, 404, 409, 500}

ACTS = {
    row.name: row
    for row in ROWS
    if row.method == "POST"
    and (
        row.name.split(":")[0] in {"rollout", "training", "pilots", "evaluation"}
        or row.name.startswith("municipality:decision")
    )
}

ALSO = {"pilot": ("running", "finished"), "decision": ("commented",)}
"""Things of the world that are of a family's kind, in a state of their own."""


def _conditions(thing: Any) -> list[tuple[str, int]]:
    return [("rollout:conditions", thing.answer.assessment_id)]


def _conditions_of_department(exception: Any) -> list[tuple[str, int]]:
    rows = Assessment.objects.of(exception.municipality_id).confirmed()
    return [
        ("rollout:conditions", row.pk) for row in rows.filter(department=exception.department_id)
    ]


BESIDE: dict[str, Callable[[Any], list[tuple[str, int | None]]]] = {
    "participant": lambda row: [("pilots:pilot", row.pilot_id)],
    "expansion_plan": lambda row: [("pilots:expansion", row.expansion_id)],
    "exception_request": _conditions,
    "exception": _conditions_of_department,
    "reexamination": _conditions,
    "promise": lambda row: [("evaluation:one_on_one", row.one_on_one_id)],
    "action": lambda row: [("evaluation:review", row.review_id)],
    "round": lambda row: [("rollout:readiness", None)],
    "course": lambda row: [("training:training", None)],
    "period": lambda row: [("evaluation:sheets", None)],
    "usage": lambda row: [("pilots:usages", None)],
}
"""Pages beside its own on which something is done with a thing."""

LEFT_OUT = {
    (f"{name}ask_for_route", "office")
    for name in ("pilots:", "pilots:expansion_", "evaluation:review_")
}
"""Who sets the routes is led there instead of asking a colleague to."""

FAMILIES = sorted({row.family for row in ACTS.values() if row.family})


def things_of(town: Town, family: str) -> dict[str, Any]:
    """The things of the family, by slot; those of another state under `kind slot`."""
    things = dict(town.things[family])
    for kind in ALSO.get(family, ()):
        things |= {f"{kind} {slot}": thing for slot, thing in town.things[kind].items()}
    return things


NEVER_SO = {
    ("assessment", "not_started"),  # with all answers given
    *(("decision", state) for state in Decision.State.values),  # with a step that is current
}
"""States that a thing of the world cannot be set to alone: what hangs on it would not fit."""


def states_of(family: str, thing: Any) -> dict[str, Given | None]:
    """What brings the thing into each state: as it stands, as the acts need it, and each state of
    its kind.
    """
    states: dict[str, Given | None] = {"as it stands": None}
    for row in ACTS.values():
        given = (SENDING.get(row.name) or Sending()).given
        if row.family == family and given not in states.values():
            states[f"for {row.name}"] = given
    for state in getattr(type(thing), "State", ()):
        if (family, state.value) not in NEVER_SO:
            states[state.value] = partial(_moved, state=state.value)
    return states


def _moved(town: Town, thing: Any, state: str) -> None:
    type(thing)._base_manager.filter(pk=thing.pk).update(state=state)


def is_possible(town: Town, thing: Any, given: Given | None) -> bool:
    """Does the database let the thing stand so?"""
    try:
        with transaction.atomic():
            if given:
                given(town, thing)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def pages_of(town: Town, family: str, thing: Any) -> list[str]:
    """The pages on which something may be done with the thing."""
    named = [
        (row.name, thing.pk)
        for row in ROWS
        if row.method == "GET" and row.family == family and row.name.split(":")[0] != "municipality"
    ]
    if family == "decision":
        named = [("municipality:decision", thing.pk)]
    named += BESIDE[family](thing) if family in BESIDE else []
    return [_address(town, name, pk) for name, pk in named]


def _address(town: Town, name: str, pk: int | None) -> str:
    more = (SENDING.get(name) or Sending()).more or {}
    number = {} if pk is None else {"pk": pk}
    return reverse(name, kwargs={"code": town.code, **number, **more})


class Sweep:
    """One thing in one state, as one person."""

    def __init__(self, world: World, asker: Asker, family: str, thing: Any, given: Any) -> None:
        self.town, self.asker, self.family, self.thing = world.here, asker, family, thing
        self.given = partial(given, world.here, thing) if given else None
        self.asked = 0

    def ask(
        self, who: str, method: str, address: str, data: Any = None, prints: bool = False
    ) -> Answer:
        """One request in this state."""
        self.asked += 1
        return self.asker.ask(who, method, address, data=data, given=self.given, prints=prints)

    def offered(self, who: str) -> list[Offer]:
        """What all pages of the thing offer, its forms included: one that opens can be sent."""
        found: dict[Offer, None] = {}
        for page in pages_of(self.town, self.family, self.thing):
            answer = self.ask(who, "GET", page)
            if answer.status == 200:
                found |= dict.fromkeys(offers_in(answer.content, page))
        return [offer for offer in found if offer.act[0] in ACTS]

    def data_of(self, who: str, offer: Offer) -> Callable[[], dict[str, Any]]:
        """What is sent: the form's fields, filled in as the table's example, hidden ones as they
        are.
        """
        sending = SENDING.get(offer.act[0]) or Sending()
        declared = offer.match.func.page.of

        def data() -> dict[str, Any]:
            kind, pk = declared or type(self.thing), offer.act[1]
            thing = kind._base_manager.filter(pk=pk).first() if pk else None
            filled = sending.data(self.town, thing, who) if sending.data else {}
            kept = {name: offer.fields[name] for name in offer.hidden}
            return {**offer.fields, **filled, **kept}

        return data

    def refused(self, who: str, offers: list[Offer]) -> Iterator[str]:
        """Each offer that is refused."""
        for offer in offers:
            if offer.is_form:
                answer = self.ask(who, "POST", offer.address, self.data_of(who, offer))
                yield from self._told(who, "POST", offer, answer)
                continue
            answer = self.ask(who, "GET", offer.address)
            yield from self._told(who, "GET", offer, answer)
            for form in offers_in(answer.content, offer.address):
                if answer.status == 200 and form.act == offer.act and form.is_form:
                    answer = self.ask(who, "POST", form.address, self.data_of(who, form))
                    yield from self._told(who, "POST", form, answer)

    def _told(self, who: str, method: str, offer: Offer, answer: Answer) -> Iterator[str]:
        if answer.status in REFUSED:
            yield f"{who} is offered {offer.act[0]} {method}: {answer.status} {_reason(answer)}"

    def hidden(self, who: str, offers: list[Offer]) -> Iterator[str]:
        """Each act that would go through and is not offered."""
        acts = {offer.act for offer in offers}
        for row in ACTS.values():
            if (row.name, who) in LEFT_OUT or row.family != self.family:
                continue
            if (row.name, self.thing.pk) in acts:
                continue
            if self._goes_through(who, row):
                yield f"{who} is not offered {row.name}"

    def _goes_through(self, who: str, row: Row) -> bool:
        address = _address(self.town, row.name, self.thing.pk)
        sending = SENDING.get(row.name) or Sending()

        def data() -> dict[str, Any]:
            thing = type(self.thing)._base_manager.get(pk=self.thing.pk)
            return sending.data(self.town, thing, who) if sending.data else {}

        if self.ask(who, "POST", address, data).status != 302:
            return False
        return self.ask(who, "POST", address, data, prints=True).changed


def _reason(answer: Answer) -> str:
    text = answer.content.decode()
    text = text[text.find("<main") :] if "<main" in text else text
    return " ".join(re.sub("<[^>]+>", " ", text).split())[:200] or answer.location


def swept(world: World, asker: Asker, family: str, turn: int | None = None) -> tuple[int, list]:
    """Number of requests, and what is offered in vain or hidden. With a turn, one of the things and
    a quarter of the people.
    """
    count, found = 0, []
    things = list(things_of(world.here, family).items())
    for number, (slot, thing) in enumerate(things):
        for place, (state, given) in enumerate(states_of(family, thing).items()):
            if turn is not None and (number + place + turn) % len(things):
                continue
            if not is_possible(world.here, thing, given):
                continue
            sweep = Sweep(world, asker, family, thing, given)
            people = INSIDE if turn is None else INSIDE[(turn + place) % 4 :: 4]
            for who in people:
                offers = sweep.offered(who)
                lines = [*sweep.refused(who, offers), *sweep.hidden(who, offers)]
                found += [f"{family} {slot}, {state}: {line}" for line in lines]
            count += sweep.asked
    return count, found


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_offered_goes_through_and_what_goes_through_is_offered(
    family, world, asker, record_property
):
    count, found = swept(world, asker, family, FAMILIES.index(family))
    record_property("cases", count)
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.soak
@pytest.mark.parametrize("family", FAMILIES)
def test_so_it_is_in_every_state_for_everybody(family, world, asker):
    found = swept(world, asker, family)[1]
    assert found == [], "\n" + "\n".join(found)
