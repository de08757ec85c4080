"""Who may take files in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from municipality.imports.models import FileImport
    from municipality.organisation.models import Member
from municipality.core.refusals import Answer
from municipality.organisation.rules import is_office


def may_import(member: Member, file_import: FileImport | None = None) -> Answer:
    """The office may import files."""
    return is_office(member)
