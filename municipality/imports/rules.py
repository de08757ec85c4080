"""Who may take files in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from municipality.imports.models import FileImport
    from municipality.organisation.models import Member
from municipality.core.refusals import Answer
from municipality.core.registry import import_kinds
from municipality.organisation.rules import is_office


def may_import(member: Member, file_import: FileImport | None = None) -> Answer:
    """The office may import files."""
    return is_office(member)


def may_hand_in(member: Member, file_import: FileImport | None = None) -> Answer:
    """Whoever may take in files of some kind, which the menu follows too; of one file, whoever its
    kind lets take in this one.
    """
    kinds = import_kinds()
    if file_import is not None and file_import.kind in kinds:
        return kinds[file_import.kind].may(member, file_import)
    office = may_import(member)
    if office is True or file_import is not None:
        return office
    return next((True for kind in kinds.values() if kind.may(member) is True), office)
