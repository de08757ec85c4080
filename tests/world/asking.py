"""Asks for a page as a persona and takes everything back afterwards, so that the world stays as it was."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from tests.build.municipality import signed_in

from . import World
from .prints import fingerprint, watching
from .scanner import Leak

HALF = ("half", "not_set_up")


@dataclass(frozen=True)
class Answer:
    """What came back, whether it changed anything that has to stand still, and what was leaked in it."""

    status: int
    location: str
    content: bytes
    changed: bool
    leak: str = ""


class Asker:
    """The clients of all personas, each with the cookies of its own session."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients = {name: self._client(name) for name in world.personas}
        self.cookies = {name: copy.deepcopy(client.cookies) for name, client in self.clients.items()}

    def _client(self, name: str) -> Client:
        world, client = self.world, Client()
        if name == "signed_out":
            return client
        if name in HALF:
            client.force_login(world.here.people[name].user)
            return client
        return signed_in(world.there.people["office"] if name == "office_other" else world.here.people[name])

    def ask(
        self,
        who: str,
        method: str,
        address: str,
        data: Callable[[], dict[str, Any]] | None = None,
        given: Callable[[], None] | None = None,
        before: Callable[[Client], None] | None = None,
    ) -> Answer:
        """One request. `given` brings things into a state first, then `data` makes the form, `before` the persona's session."""
        client = self.clients[who]
        client.cookies = copy.deepcopy(self.cookies[who])
        with _taken_back():
            if given is not None:
                given()
            if before is not None:
                before(client)
            with _taken_back():
                answer, wrote = self._send(client, method, address, data() if data else None)
                after = fingerprint() if wrote else ""
            changed = wrote and fingerprint() != after
        return Answer(answer.status, answer.location, answer.content, changed, answer.leak)

    def _send(self, client: Client, method: str, address: str, data: dict[str, Any] | None) -> tuple[Answer, bool]:
        told = ""
        with watching() as watch:
            try:
                response: Any = (
                    client.generic(method, address) if data is None else getattr(client, method.lower())(address, data)
                )
            except Leak as leak:
                response, told = leak.response, str(leak)
            except Exception as error:  # noqa: BLE001 - whatever it raises is an answer that the table does not foresee
                return Answer(500, f"{type(error).__name__}: {error}", b"", False), watch.wrote
        location = response.headers.get("Location", "")
        content = b"" if response.streaming else response.content
        return Answer(response.status_code, location, content, False, told), watch.wrote


class _taken_back:  # noqa: N801 - reads as a phrase
    """A savepoint to which everything returns."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *_error: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


__all__ = ["HALF", "Answer", "Asker"]
