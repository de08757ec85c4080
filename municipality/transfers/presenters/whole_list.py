"""What the page of a whole list of people (全職員一覧) shows beside its changes."""

from __future__ import annotations

from typing import Any

from municipality.core.periods import ONE_DAY
from municipality.imports.models import FileImport
from municipality.transfers.exports import movements
from municipality.transfers.forms import SureForm
from municipality.transfers.presenters.listings import (
    lacking_listing,
    moving_listing,
    passing_listing,
)
from municipality.transfers.presenters.transfers import preview_of
from municipality.web.components.lists import ListTable


def whole_list_facts(taken: FileImport) -> dict[str, Any]:
    """Who comes, moves and goes as of the day of the list, the tick that says one is sure, and the
    movements as a file.
    """
    preview = preview_of(taken)
    return {
        "transfer": preview,
        **(_lists(preview) if preview else {}),
        "sure": SureForm(),
        "eve": taken.whole_on and taken.whole_on - ONE_DAY,
        "export": movements(taken) if preview else None,
    }


def _lists(preview: dict[str, Any]) -> dict[str, ListTable]:
    return {
        "lacking": lacking_listing(preview["without"], preview["gaps"]),
        "moving": moving_listing(preview["moves"]),
        "passing": passing_listing(preview["things"]),
    }
