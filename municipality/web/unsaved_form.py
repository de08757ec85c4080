"""Form values that were typed while the session ended: kept encrypted in the session until the same
user is back.
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
    """Form that was sent after the session ended: its address and its fields; files are not kept
    (`had_files`).
    """

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """Texts that a person typed; numbers of hidden fields are left out."""
        return list(
            dict.fromkeys(
                value for _name, value in self.fields if value.strip() and not value.isdigit()
            )
        )


def typed_now(request: HttpRequest) -> dict[str, Any] | None:
    """Values of the request that would be lost; None when there are none, or too much."""
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
    content = {
        "path": request.path,
        "fields": fields,
        "files": bool(request.FILES),
        "at": int(time.time()),
    }
    return {**content, "user": request.user.pk}


def keep(session: Any, content: dict[str, Any]) -> None:
    """Store the values in the new session."""
    keep_in_session(session, TYPED, json.dumps(content).encode())


def kept(request: HttpRequest) -> Typed | None:
    """Values that this user typed within the last hour; another user of the same terminal gets
    None.
    """
    sealed = kept_in_session(request.session, TYPED)
    content = json.loads(sealed) if sealed else None
    if (
        content is None
        or content["user"] != request.user.pk
        or time.time() - content["at"] > SECONDS
    ):
        return None
    return Typed(
        content["path"], [(name, value) for name, value in content["fields"]], content["files"]
    )


def drop(session: Any) -> None:
    """Delete the values: they were sent again, or discarded."""
    session.pop(TYPED, None)
