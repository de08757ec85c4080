"""Did anything change? A watch over the statements that write, and a fingerprint of all tables that
must stand still.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

EXEMPT = {
    "municipality_chain",
    "municipality_entry",
    "municipality_entrycontent",  # the log: reading leaves a line
    "django_session",
    "usersessions_usersession",  # sessions
    "cache",  # limits of sign-in
    "municipality_authenticator",
    "municipality_recoverysheet",
    "municipality_recoverycode",  # tries of the second factor
}
"""What a page may write although it changes nothing."""

WRITES = re.compile(
    r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?',
    re.IGNORECASE,
)


class Watch:
    """The tables to which something was written while it watched, and how many `queries` were
    made (savepoints apart).
    """

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.queries = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.queries += not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
        if found := WRITES.match(sql):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    @property
    def wrote(self) -> bool:
        """Was there a statement that writes to a table which has to stand still? Whether it changed
        a row, a print tells.
        """
        return bool(self.tables - EXEMPT)


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch over all statements on this connection."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


def fingerprint(code: str = "") -> str:
    """SHA-256 over every row of every table but those that may change by looking; with a code, over
    that body's rows alone.
    """
    whole = hashlib.sha256()
    tables = {
        model._meta.db_table for model in apps.get_models() if not code or _is_of_a_body(model)
    } - EXEMPT
    where = " WHERE municipality_id = %s" if code else ""
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f"SELECT * FROM {connection.ops.quote_name(table)}{where} ORDER BY 1",
                [code] if code else [],
            )
            whole.update(
                repr((table, [tuple(map(_plain, row)) for row in cursor.fetchall()])).encode()
            )
    return whole.hexdigest()


def _is_of_a_body(model: type[Model]) -> bool:
    return any(field.attname == "municipality_id" for field in model._meta.concrete_fields)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
