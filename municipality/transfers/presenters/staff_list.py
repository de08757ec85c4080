"""Additional content of the import page for a staff list (全職員一覧)."""

from __future__ import annotations

from typing import Any

from municipality.core.periods import ONE_DAY
from municipality.imports.models import FileImport
from municipality.transfers.exports import movements
from municipality.transfers.forms import SureForm
from municipality.transfers.presenters.transfers import preview_of


def staff_list_context(file_import: FileImport) -> dict[str, Any]:
    """Movements of people as of the day of the list, the confirmation form, and the movements as a
    file.
    """
    preview = preview_of(file_import)
    return {
        "transfer": preview,
        "sure": SureForm(),
        "eve": file_import.whole_on and file_import.whole_on - ONE_DAY,
        "export": movements(file_import) if preview else None,
    }
