"""Looks for canaries in every response: whoever is shown one that is not theirs to read makes the
test fail.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseBase
from django.test.client import ClientHandler

from .marks import Canary, Registry

if TYPE_CHECKING:
    from . import World

TEXTS = ("text/html", "text/plain", "text/csv", "text/calendar", "application/json")
ZIPPED = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


class Leak(AssertionError):
    """Somebody was shown what is not theirs to read, in this response."""

    def __init__(self, told: str, response: Any) -> None:
        super().__init__(told)
        self.response = response


class Unreadable(AssertionError):
    """A response of a kind that the scanner cannot look into: teach it before such files leave the
    house.
    """


def texts_of(response: HttpResponseBase) -> Iterator[str]:
    """Everything a response says: headers, the body, and what lies in a packed body."""
    yield "\n".join(f"{name}: {value}" for name, value in response.items())
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if response.streaming:
        response.streaming_content = [body]  # type: ignore[attr-defined]
    kind = response.get("Content-Type", "").partition(";")[0]
    if not body:
        return
    if kind in ZIPPED:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            yield from (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    elif kind in TEXTS:
        yield body.decode("utf-8", "replace")
        yield body.decode("cp932", "replace")
    else:
        raise Unreadable(f"{kind}: {response}")


def canaries_in(response: HttpResponseBase, registry: Registry) -> list[Canary]:
    """All that is found in it, of whomever."""
    return [canary for text in texts_of(response) for canary in registry.found_in(text)]


def leaks_in(response: HttpResponseBase, viewer: str, registry: Registry) -> list[Canary]:
    """What this viewer must not read and was shown."""
    return list(
        dict.fromkeys(
            found for found in canaries_in(response, registry) if viewer not in found.readers
        )
    )


class Scanner:
    """Knows who asks by the session, and judges each response."""

    def __init__(self, world: World) -> None:
        self.registry = world.canaries
        self.names = {number: name for name, number in world.personas.items()}

    def judge(self, response: Any) -> None:
        """Raises Leak with where each canary belongs and who saw it."""
        request = response.wsgi_request
        viewer = self.names.get(
            request.user.pk if hasattr(request, "user") else None, "somebody else"
        )
        if leaks := leaks_in(response, viewer, self.registry):
            told = ", ".join(f"{leak.code} {leak.field} [{leak.slot}]" for leak in leaks)
            raise Leak(
                f"{viewer} was shown {told} at {request.method} {request.get_full_path()}", response
            )


@contextmanager
def every_response(judge: Callable[[Any], None]) -> Iterator[None]:
    """Judge what every test client gets while this lasts."""
    plain = ClientHandler.__call__

    def answer(self: ClientHandler, environ: dict[str, Any]) -> Any:
        response = plain(self, environ)
        judge(response)
        return response

    ClientHandler.__call__ = answer  # type: ignore[method-assign]
    try:
        yield
    finally:
        ClientHandler.__call__ = plain  # type: ignore[method-assign]
