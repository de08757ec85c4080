"""Storing usage records (実施記録)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from municipality.audit.chain import canonical
from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.imports.rules import may_import
from municipality.organisation.models import Member, Municipality
from pilots.days.models import Usage

KEY = ["member", "day", "unit", "place", "method"]


@operation
def record_usages(
    municipality: Municipality, *, usages: Sequence[Usage], by: Member | None, now: datetime
) -> int:
    """Write records (not saved yet, of members of this body); how many. One of the same key is
    replaced, never doubled.

    `by` None is the command line. One entry in the history with a digest of them all.
    """
    if by is not None:
        require(may_import(by))
    count = store(usages)
    values = [
        [row.member_id, row.day, row.unit, row.place, row.method, row.minutes] for row in usages
    ]
    digest = hashlib.sha256(canonical(values).encode()).hexdigest()
    record(by, "usage.recorded", municipality=municipality, count=count, digest=digest)
    return count


def store(usages: Sequence[Usage]) -> int:
    """Insert the records; an existing one with the same key takes the new minutes and department."""
    Usage.objects.bulk_create(
        usages,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=["minutes", "department", "municipality"],
    )
    return len(usages)
