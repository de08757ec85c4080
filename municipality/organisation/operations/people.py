"""Changing what is known of a person. An account is never touched here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from municipality.audit.log import operation, record
from municipality.core.refusals import require
from municipality.core.transitions import change
from municipality.organisation.models import Member
from municipality.organisation.rules import may_change_member


@operation
def change_member(
    member: Member,
    *,
    edition: int,
    name: str,
    kana: str,
    mail: str,
    employment: str,
    by: Member,
    now: datetime,
) -> Member:
    """Correct name, kana, mail address and kind of employment. Raises Conflict when somebody was
    first.
    """
    require(may_change_member(by, member))
    wanted: dict[str, Any] = {"name": name, "kana": kana, "mail": mail, "employment": employment}
    before = {
        key: getattr(member, key) for key, value in wanted.items() if getattr(member, key) != value
    }
    change(member, edition=edition, **wanted)
    record(by, "member.changed", member, before=before, after={key: wanted[key] for key in before})
    return member
