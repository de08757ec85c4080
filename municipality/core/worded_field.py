"""A column of text that is kept as its message and values (`worded.py`), and read in the reader's
language.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from municipality.core.worded import kept, worded


def written(text: Any) -> Any:
    """What is stored of a text: what it is made of, as JSON; plain text stays as it is."""
    made_of = kept(text)
    return json.dumps(made_of, ensure_ascii=False) if isinstance(made_of, dict) else made_of


def read(stored: Any) -> Any:
    """The text in the active language; what was stored as plain text stays as it is."""
    try:
        made_of = json.loads(stored) if str(stored).startswith("{") else None
    except ValueError:
        return stored
    words = worded(made_of)
    return words if isinstance(words, str) else stored


class WordedField(models.TextField):
    """Text of `worded.said`, or plain text. Migrations know it as the TextField that it is in the
    database.
    """

    def deconstruct(self) -> Any:
        """As a TextField, so that no migration asks for this class."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        """What is stored."""
        return super().get_prep_value(written(value))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """In the language that is active when the row is read."""
        return read(value)
