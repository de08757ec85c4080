"""What somebody typed while their sign-in lapsed: kept, encrypted, in the session until the same
person is back.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from municipality.core.encryption import keep_in_session, kept_in_session

TYPED = "typed"

MOST_LETTERS = 200_000

SECONDS = 3600

SECRET_FIELD = re.compile("csrf|password|secret|token|^code$")
"""What was typed into such fields is never kept nor shown again."""


@dataclass(frozen=True)
class Typed:
    """A form that was sent too late: to which address, with which fields; `had_files` are not
    kept.
    """

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """What a person wrote, to be read; numbers that forms carry along are left out."""
        return list(
            dict.fromkeys(
                value for _name, value in self.fields if value.strip() and not value.isdigit()
            )
        )


def typed_now(request: HttpRequest) -> dict[str, Any] | None:
    """What the request brought that would be lost; None when that is nothing, or too much."""
    if request.method != "POST" or not request.accepts("text/html"):
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not SECRET_FIELD.search(name)
    ]
    if (
        not any(value for _name, value in fields)
        or sum(len(value) for _name, value in fields) > MOST_LETTERS
    ):
        return None
    facts = {
        "path": request.path,
        "fields": fields,
        "files": bool(request.FILES),
        "at": int(time.time()),
    }
    return {**facts, "user": request.user.pk}


def keep(session: Any, facts: dict[str, Any]) -> None:
    """Keep it in the session that takes the place of the lapsed one."""
    keep_in_session(session, TYPED, json.dumps(facts).encode())


def kept(request: HttpRequest) -> Typed | None:
    """What this very user typed before, if it was within the hour; somebody else at the same
    terminal is shown nothing.
    """
    sealed = kept_in_session(request.session, TYPED)
    facts = json.loads(sealed) if sealed else None
    if facts is None or facts["user"] != request.user.pk or time.time() - facts["at"] > SECONDS:
        return None
    return Typed(facts["path"], [(name, value) for name, value in facts["fields"]], facts["files"])


def drop(session: Any) -> None:
    """It was sent again, or is not wanted any more."""
    session.pop(TYPED, None)
