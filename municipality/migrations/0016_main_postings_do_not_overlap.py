"""PostgreSQL refuses two main postings (本務) of one person on one day; SQLite, which knows no such
constraint, has the check of the operations alone.

Deferred to the end of the transaction: a reorganisation begins the new posting before it ends the
old one. Both columns are ranges, so that no extension is needed.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

ADD = """
ALTER TABLE municipality_posting ADD CONSTRAINT main_postings_do_not_overlap
EXCLUDE USING gist (
    int8range(member_id, member_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (kind = 'main' AND NOT overlaps_from_before) DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE municipality_posting DROP CONSTRAINT main_postings_do_not_overlap"


def add(_apps: Any, editor: Any) -> None:
    """On PostgreSQL only."""
    if editor.connection.vendor == "postgresql":
        editor.execute(ADD)


def drop(_apps: Any, editor: Any) -> None:
    """As it was."""
    if editor.connection.vendor == "postgresql":
        editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("municipality", "0015_mark_overlapping_postings")]
    operations = [migrations.RunPython(add, drop)]
