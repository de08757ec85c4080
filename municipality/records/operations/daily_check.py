"""The daily check of the access log: each chain once a day, kept with a signature, and a broken one
is told at once.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from municipality.audit.chain import Verdict, signed_verification, verify_chain
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Verification
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Member, Municipality


def verify_daily(body: Municipality, now: datetime) -> int:
    """A job of every minute: check the body's chain, and the instance's own, unless that was done
    today. It opens nothing.
    """
    check_chains(body, now)
    return 0


def check_chains(body: Municipality, now: datetime) -> int:
    """Check what was not checked today; how many chains that were."""
    today, done = timezone.localdate(now), 0
    waiting = Chain.objects.filter(municipality__isnull=True) | Chain.objects.filter(
        municipality=body
    )
    for chain in waiting.exclude(verifications__day=today):
        verdict = verify_chain(chain)
        done += keep_verdict(chain, verdict, body, today, now=now)
    return done


@operation
def keep_verdict(
    chain: Chain, verdict: Verdict, body: Municipality, today: date, *, now: datetime
) -> int:
    """Keep what was found, once per chain and day; 0 when another process was first."""
    found = Verification(
        chain=chain, day=today, at=now, bad_line=verdict.bad_line, reason=verdict.reason
    )
    found.length = verdict.length
    found.head = _head_at(chain, verdict.length) if verdict.bad_line is None else ""
    found.signature = signed_verification(found)
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        return 0
    if verdict.bad_line is not None:
        _tell(chain, verdict, body, today, now=now)
    return 1


def _head_at(chain: Chain, length: int) -> str:
    """The hash of that line; of a chain without lines the checkpoint stands for it."""
    line = chain.entries.filter(seq=length).values_list("hash", flat=True).first()
    return line or chain.head


def _tell(
    chain: Chain, verdict: Verdict, body: Municipality, today: date, *, now: datetime
) -> None:
    """Office and auditors are told at once, and the history says that it was found broken."""
    record(
        None,
        "log.broken",
        municipality=body,
        chain=verdict.name,
        line=verdict.bad_line,
        reason=verdict.reason,
    )
    told: dict[int, Member] = {
        member.pk: member
        for role in ("auditor", "office")
        for member in role_holders(role, body, today)
    }
    for member in told.values():
        notify(
            member,
            "log.broken",
            chain,
            stage=today.strftime("%y%m%d"),
            now=now,
            line=verdict.bad_line,
        )
