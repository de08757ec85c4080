"""People whose sign-in is paused after failures. The office sees them and can end the pause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from municipality.accounts.models import Authenticator, CodeTable, GuardedDevice, RecoverySheet
from municipality.accounts.rules import may_invite
from municipality.audit.log import operation, record
from municipality.audit.models import Entry
from municipality.core import rate_limits
from municipality.core.refusals import Conflict, require
from municipality.organisation.models import Member, Municipality

DEVICES: tuple[type[GuardedDevice], ...] = (Authenticator, CodeTable, RecoverySheet)

LEAST_WAIT = timedelta(seconds=8)
"""A device that waits less long is no matter for the office: the person has typed something wrong a
few times.
"""


@dataclass(frozen=True)
class Lock:
    """Person whose sign-in is paused; `step` is `password` or `code`."""

    member: Member
    step: str
    since: datetime
    until: datetime


def locks_of(body: Municipality, *, now: datetime) -> list[Lock]:
    """Everybody in the body whose sign-in is paused now, the latest first. The number of queries is
    fixed.
    """
    locks = [*_by_password(body, now), *_by_code(body, now)]
    return sorted(locks, key=lambda lock: lock.since, reverse=True)


def _by_password(body: Municipality, now: datetime) -> list[Lock]:
    """Pauses by wrong passwords, read from the log: it holds the first refusal of each name in this
    window and each end of a pause by the office.
    """
    until = datetime.fromtimestamp(rate_limits.NAME_BY_STRANGERS.ends_at(), UTC)
    begun = until - timedelta(seconds=rate_limits.NAME_BY_STRANGERS.seconds)
    lines = Entry.objects.filter(
        chain__municipality=body, at__gte=begun, verb__in=["sign_in.limited", "sign_in.lifted"]
    )
    latest: dict[int, tuple[str, datetime]] = {}
    for verb, number, at in lines.order_by("seq").values_list("verb", "subject_id", "at"):
        latest[number or 0] = (verb, at)
    paused = {number: at for number, (verb, at) in latest.items() if verb == "sign_in.limited"}
    members = Member.objects.of(body).filter(pk__in=paused).select_related("municipality", "user")
    return (
        [Lock(member, "password", paused[member.pk], until) for member in members]
        if until > now
        else []
    )


def _by_code(body: Municipality, now: datetime) -> list[Lock]:
    locks: list[Lock] = []
    for model in DEVICES:
        rows: Any = model.objects.filter(
            user__members__municipality=body, throttling_failure_count__gt=0
        )
        waiting = {
            row.user_id: (row, until)
            for row in rows
            if (until := row.waits_until(now)) and until - now >= LEAST_WAIT
        }
        members = (
            Member.objects.of(body).filter(user__in=waiting).select_related("municipality", "user")
        )
        locks += [
            Lock(
                one,
                "code",
                waiting[one.user_id][0].throttling_failure_timestamp,
                waiting[one.user_id][1],
            )
            for one in members
        ]
    return locks


@operation
def lift_lock(member: Member, *, by: Member, now: datetime) -> None:
    """End the pause of password and code, so that the person can try again at once. Raises Conflict
    for a person without an account.
    """
    require(may_invite(by, member))
    if member.user is None:
        raise Conflict(
            _("%(name)sさんは、まだ登録していません。招待してください。") % {"name": member.name}
        )
    rate_limits.lift(member.user.username)
    rate_limits.lift_codes(member.user.pk)
    for model in DEVICES:
        rows: Any = model.objects.filter(user=member.user)
        rows.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    record(by, "sign_in.lifted", member)
