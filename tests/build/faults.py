"""Faults of the database: statements that fail as they do when a disk is full."""

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
