"""Faults of the database: statements that fail as they do when a disk is full, and rows that it
takes from nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model


@contextmanager
def database_failing(
    verb: str, model: type[Model], *, after: int = 0, error: type[BaseException] = OSError
) -> Iterator[None]:
    """While it is open, statements of this verb on the model's table raise the error, from the one
    after the first `after` on. `verb` is as in SQL: "INSERT INTO" or "UPDATE".
    """
    start, passed = f'{verb} "{model._meta.db_table}"', 0

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal passed
        if sql.startswith(start):
            passed += 1
            if passed > after:
                raise error("no room")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


def refuse_rows(verb: str, model: type[Model], column: str, value: object) -> None:
    """From now on the database refuses the INSERT or UPDATE of the model's rows that hold this
    value in the column, until the test's transaction is over or `take_rows_again`.
    """
    table = model._meta.db_table
    condition = f"NEW.{column} = {value if isinstance(value, int) else repr(value)}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'planted'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER planted BEFORE {verb} ON {table} FOR EACH ROW"
                f" WHEN ({condition}) EXECUTE FUNCTION refuse()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER planted BEFORE {verb} ON {table} WHEN {condition}"
                " BEGIN SELECT RAISE(ABORT, 'planted'); END"
            )


def take_rows_again(model: type[Model]) -> None:
    """The database takes every row of the model again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a trigger may be in use
            cursor.execute(f"DROP TRIGGER planted ON {model._meta.db_table}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            cursor.execute("DROP TRIGGER planted")
