"""A job over many rows: one row that fails keeps no other from being done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from celery.exceptions import SoftTimeLimitExceeded

from municipality.clock.operations.jobs import forget, name_of, note_failure, resting
from municipality.core.time_limits import stop_when_over
from municipality.organisation.models import Municipality

Row = TypeVar("Row")


class Guarded(NamedTuple):
    """How much was done for the rows, and whether for each of them."""

    done: int
    whole: bool


def each_guarded(
    body: Municipality,
    prefix: str,
    rows: Mapping[Any, Row],
    do: Callable[[Row], int],
    *,
    now: datetime,
) -> Guarded:
    """Do something for each row; `do` is an operation where it writes.

    A row that fails stands among the troubled jobs under `prefix` and its name in `rows`, rests as
    a job does, and is forgotten once it works or is gone. One that exceeds the limit of time ends
    the round, and rests in the next: the error names it, and the job notes it after its
    transaction.
    """
    failed = resting(body, prefix, now)
    names = {name_of(f"{prefix}{name}"): row for name, row in rows.items()}
    done, broken = 0, {name for name in names if failed.get(name)}
    for name, row in names.items():
        if name in broken:
            continue
        stop_when_over()
        try:
            done += do(row)
        except SoftTimeLimitExceeded as error:
            raise SoftTimeLimitExceeded(name) from error
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are done
            note_failure(body, name, error, now=now)
            broken.add(name)
    if works := failed.keys() - broken:
        forget(body, works)
    return Guarded(done, not broken)
