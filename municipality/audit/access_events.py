"""What was read and what left as a file leave a line in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from municipality.audit.log import operation, record

if TYPE_CHECKING:
    from municipality.organisation.models import Member


@operation
def note_export(
    verb: str, subject: models.Model | None = None, *, by: Member, **params: Any
) -> None:
    """One line for one file. The file can be recognised later by its SHA-256."""
    record(by, verb, subject, **params)


@operation
def note_reading(
    verb: str, subject: models.Model | None = None, *, by: Member, **params: Any
) -> None:
    """One line for one page, however many persons it shows."""
    record(by, verb, subject, **params)


@operation
def note_refusal(*, by: Member, page: str, method: str, number: int | None) -> None:
    """A page or an act was refused to somebody who is in the body. Which one stands in the erasable
    part.
    """
    record(by, "access.refused", page=page, method=method, number=number)
