"""Reading leaves a line in the access log, too: whoever looks at people is seen to have looked."""

from __future__ import annotations

from typing import Any

from django.db import models

from municipality.models import Member

from .history import operation, record


@operation
def note_reading(verb: str, subject: models.Model | None = None, *, by: Member, **facts: Any) -> None:
    """One line for one page, however many persons it shows."""
    record(by, verb, subject, **facts)


@operation
def note_refusal(*, by: Member, page: str, method: str, number: int | None) -> None:
    """A page or an act was refused to somebody who is in the body. Which one stands in the erasable part."""
    record(by, "access.refused", page=page, method=method, number=number)
