"""What leaves the house as a file leaves a line in the history: which list, narrowed how, how many rows, and the file's digest."""

from __future__ import annotations

from typing import Any

from django.db import models

from municipality.models import Member

from .history import operation, record


@operation
def note_export(verb: str, subject: models.Model | None = None, *, by: Member, **facts: Any) -> None:
    """One line for one file. The file can be recognised later by its SHA-256."""
    record(by, verb, subject, **facts)
