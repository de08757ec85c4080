"""Asks for a page as a persona and takes everything back afterwards, so that the world stays as it
was.
"""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from tests.build.municipality import signed_in

from . import World
from .headers import lacking
from .prints import fingerprint, watching
from .scanner import Leak

HALF = ("half", "not_set_up")


@dataclass(frozen=True)
class Answer:
    """What came back, whether it changed anything that has to stand still, what was leaked in it,
    which header it lacks, and how many queries it took.
    """

    status: int
    location: str
    content: bytes
    changed: bool
    leak: str = ""
    lacks: str = ""
    queries: int = 0


class Plain(Client):
    """A client that keeps no copies of templates and contexts; an exception becomes the answer 500
    with its name.
    """

    raised: BaseException | None = None
    signed_in = False

    def request(self, **facts: Any) -> Any:
        """One request."""
        self.raised = None
        got_request_exception.connect(self._note, dispatch_uid="plain")
        try:
            response = self.handler(self._base_environ(**facts))
        finally:
            got_request_exception.disconnect(dispatch_uid="plain")
        self.cookies.update(response.cookies)
        return response

    def _note(self, **_facts: Any) -> None:
        self.raised = sys.exc_info()[1]


class Asker:
    """The clients of all personas, each with the cookies of its own session."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients = {name: self._client(name) for name in world.personas}
        self.cookies = {
            name: copy.deepcopy(client.cookies) for name, client in self.clients.items()
        }
        self.watch: tuple[Callable[[], None], Callable[[Answer], None]] | None = None
        """Looks around right before and right after a request, before it is taken back."""

    def _client(self, name: str) -> Plain:
        world, client = self.world, Plain()
        if name in HALF:
            client.force_login(world.here.people[name].user)
        elif name != "signed_out":
            member = (
                world.there.people["office"] if name == "office_other" else world.here.people[name]
            )
            client.cookies = signed_in(member).cookies
        client.signed_in = name not in {"signed_out", "deactivated"}
        if client.cookies:
            session = client.session
            now = int(time.time())
            # What a request writes is taken back: sessions would lapse in a slow run without this.
            session.update({"started_at": now, "seen_at": now + 86_400})
            session.save()
        return client

    def ask(
        self,
        who: str,
        method: str,
        address: str,
        *,
        data: Callable[[], dict[str, Any]] | None = None,
        given: Callable[[], None] | None = None,
        before: Callable[[Plain], None] | None = None,
        inspect: Callable[[Answer], None] | None = None,
        prints: bool = True,
    ) -> Answer:
        """One request. `given` brings things into a state first, then `data` makes the form,
        `before` the persona's session; `inspect` looks around before all is taken back. Without
        `prints`, whether anything changed is not looked at, which takes most of the time.
        """
        client = self.clients[who]
        client.cookies = copy.deepcopy(self.cookies[who])
        with _taken_back():
            if given is not None:
                given()
            if before is not None:
                before(client)
            with _taken_back():
                if self.watch is not None:
                    self.watch[0]()
                answer, wrote = self._send(client, method, address, data() if data else None)
                wrote = wrote and prints
                after = fingerprint() if wrote else ""
                if inspect is not None:
                    inspect(answer)
                if self.watch is not None:
                    self.watch[1](answer)
            changed = wrote and fingerprint() != after
        return replace(answer, changed=changed)

    def _send(
        self, client: Plain, method: str, address: str, data: dict[str, Any] | None
    ) -> tuple[Answer, bool]:
        told = ""
        with watching() as watch:
            try:
                response: Any = (
                    client.generic(method, address)
                    if data is None
                    else getattr(client, method.lower())(address, data)
                )
            except Leak as leak:
                response, told = leak.response, str(leak)
        if client.raised is not None:
            return Answer(500, repr(client.raised), b"", False, told), watch.wrote
        location = response.headers.get("Location", "")
        content = b"" if response.streaming else response.content
        lacks = lacking(response, signed_in=client.signed_in)
        answer = Answer(response.status_code, location, content, False, told, lacks, watch.queries)
        return answer, watch.wrote


class _taken_back:  # noqa: N801 - reads as a phrase
    """A savepoint to which everything returns."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *_error: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


__all__ = ["HALF", "Answer", "Asker"]
