"""Storing what a file would change, and reading it again under other options."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from municipality.audit.log import operation
from municipality.core.refusals import require
from municipality.core.transitions import move
from municipality.imports.kinds import ImportPlan
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import (
    is_large,
    kind_of,
    note_shown,
    plan_of,
    shown_by,
    wake_worker,
)
from municipality.organisation.models import Member


@operation
def read_again(file_import: FileImport, *, by: Member, now: datetime, **options: Any) -> FileImport:
    """Read a previewed file once more under these options and show what it would change then; a
    large one by a worker.
    """
    kind = kind_of(file_import.kind)
    require(kind.may(by, file_import))
    content = bytes(file_import.content)
    values: dict[str, Any] = {"options": {**file_import.options, **options}}
    values |= {"lease_until": None, "attempts": 0, "progress": 0, "rows": 0}
    move(file_import, FileImport.State.RECEIVED, **values)
    if is_large(content):
        wake_worker()
        return file_import
    table, body = kind.table_in(file_import.name, content), file_import.municipality
    plan = plan_of(kind, table, body, now=now, options=file_import.options)
    show(file_import, plan, by=by)
    return file_import


@operation
def show(file_import: FileImport, plan: ImportPlan, *, by: Member | None) -> None:
    """Store the preview or the findings of a file, and release it for the next worker."""
    plan.close()
    values = shown_by(plan)
    move(file_import, values.pop("state"), **values, lease_until=None, attempts=0)
    note_shown(file_import, by)
