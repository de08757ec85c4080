"""The daily check of the access log, kept with a signature; a broken chain is told at once.

A chain of up to VERIFY_LINES lines is checked whole each day. Of a longer one the lines that are
new since the last good check are checked each day, after the line at which that check ended was
compared with its signed hash; the whole chain is checked once in WHOLE_DAYS, so many lines a
minute, so that the check ends however long the chain is. A manipulation of an older line is thus
found within WHOLE_DAYS and the time the check takes, by `manage.py verify_log` at once.
"""

from __future__ import annotations

import hmac
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipality.audit.chain import (
    Mark,
    Verdict,
    signed_progress,
    signed_verification,
    verify_lines,
)
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Checkpoint, Verification, VerificationProgress
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Member, Municipality

WHOLE_DAYS = 7
"""So many days lie between two checks of a whole long chain."""


def verify_daily(body: Municipality, now: datetime) -> int:
    """Job of every minute: check the chains of the body and of the instance as far as is due.
    Returns 0: it opens nothing.
    """
    check_chains(body, now)
    return 0


def check_chains(body: Municipality, now: datetime) -> int:
    """Check the chains that were not checked today; their number. At most VERIFY_LINES lines of
    each, and as many older lines of a long chain.
    """
    today, done = timezone.localdate(now), 0
    chains = Chain.objects.filter(municipality__isnull=True) | Chain.objects.filter(
        municipality=body
    )
    for chain in chains:
        known = chain.verifications.filter(day=today).first()
        if known is None:
            done += _check_day(chain, body, today, now=now)
        elif known.bad_line is not None and chain.municipality_id is None:
            pass_on(known, body, now=now)
        if _is_long(chain):
            _check_whole(chain, body, today, now=now)
    return done


def _is_long(chain: Chain) -> bool:
    point = Checkpoint.objects.filter(chain=chain).values_list("seq", flat=True).first()
    return chain.length - (point or 0) > settings.VERIFY_LINES


def _check_day(chain: Chain, body: Municipality, today: date, *, now: datetime) -> int:
    since = _last_good(chain) if _is_long(chain) else None
    walk = verify_lines(chain, since=since, most=settings.VERIFY_LINES)
    if walk.verdict is None:
        _keep_progress(chain, walk.reached, whole=False)
        return 0
    return keep_verdict(chain, walk.verdict, walk.reached, body, today, now=now)


def _last_good(chain: Chain) -> Mark | None:
    """Last line up to which a signed check was good; before the line that the latest check
    reported, so that the fault is reported again until it is repaired.
    """
    rows = list(Verification.objects.filter(chain=chain))
    latest = max(rows, key=lambda row: row.day, default=None)
    bad = latest.bad_line if latest else None
    marks = [
        Mark(row.length, row.head)
        for row in rows
        if row.bad_line is None
        and (bad is None or row.length < bad)
        and hmac.compare_digest(row.signature, signed_verification(row))
    ]
    if progress := _progress(chain, whole=False):  # none is older than a bad line
        marks.append(Mark(progress.seq, progress.hash))
    return max(marks, key=lambda mark: mark.seq, default=None)


def _check_whole(chain: Chain, body: Municipality, today: date, *, now: datetime) -> None:
    """Continue the check of the entire chain, or begin one when the last is long ago."""
    progress = _progress(chain, whole=True)
    if progress and progress.done_on and progress.done_on > today - timedelta(days=WHOLE_DAYS):
        return
    under_way = progress if progress and not progress.done_on else None
    since = Mark(under_way.seq, under_way.hash) if under_way else None
    walk = verify_lines(chain, since=since, most=settings.VERIFY_LINES)
    _keep_progress(chain, walk.reached, whole=True, done_on=today if walk.verdict else None)
    if walk.verdict is not None and walk.verdict.bad_line is not None:
        keep_verdict(chain, walk.verdict, walk.reached, body, today, now=now)


def _progress(chain: Chain, *, whole: bool) -> VerificationProgress | None:
    """Progress of the check; None when it has not begun, or when its signature is wrong."""
    row = VerificationProgress.objects.filter(chain=chain, whole=whole).first()
    if row is None:
        return None
    reached = Mark(row.seq, row.hash)
    signature = signed_progress(chain, reached, whole=whole, done_on=row.done_on)
    return row if hmac.compare_digest(row.signature, signature) else None


def _keep_progress(
    chain: Chain, reached: Mark, *, whole: bool, done_on: date | None = None
) -> None:
    values = {
        "seq": reached.seq,
        "hash": reached.hash,
        "done_on": done_on,
        "signature": signed_progress(chain, reached, whole=whole, done_on=done_on),
    }
    VerificationProgress.objects.update_or_create(chain=chain, whole=whole, defaults=values)


@operation
def keep_verdict(
    chain: Chain, verdict: Verdict, reached: Mark, body: Municipality, today: date, *, now: datetime
) -> int:
    """Store the result once for each chain and day; a bad line also beside an earlier good result
    of the day. 0 when it is stored already.
    """
    verification = Verification(
        chain=chain, day=today, at=now, bad_line=verdict.bad_line, reason=verdict.reason
    )
    verification.length = verdict.length
    verification.head = (reached.hash or chain.head) if verdict.bad_line is None else ""
    verification.signature = signed_verification(verification)
    if not _kept(verification):
        return 0
    if verdict.bad_line is not None:
        VerificationProgress.objects.filter(chain=chain, whole=False).delete()
        _record_break(verification, body)
        _tell(verification, body, now=now)
    return 1


@operation
def pass_on(verification: Verification, body: Municipality, *, now: datetime) -> None:
    """Notify this body of a break in the instance's own chain, which concerns every body: once,
    whichever body's job noticed it.
    """
    if _tell(verification, body, now=now):
        _record_break(verification, body)


def _kept(verification: Verification) -> bool:
    """Store the result; False when the same result is stored already."""
    try:
        with transaction.atomic():
            verification.save(force_insert=True)
    except IntegrityError:
        good = Verification.objects.filter(
            chain=verification.chain, day=verification.day, bad_line=None
        )
        names = ("at", "length", "head", "bad_line", "reason", "signature")
        values = {name: getattr(verification, name) for name in names}
        return verification.bad_line is not None and bool(good.update(**values))
    return True


def _record_break(verification: Verification, body: Municipality) -> None:
    """Log in the body's history that the chain is broken."""
    name = verification.chain.municipality_id or "instance"
    values: dict[str, Any] = {
        "chain": name,
        "line": verification.bad_line,
        "reason": verification.reason,
    }
    record(None, "log.broken", municipality=body, **values)


def _tell(verification: Verification, body: Municipality, *, now: datetime) -> int:
    """Notify office and auditors at once; the number of those who had no notice of it yet."""
    people: dict[int, Member] = {
        member.pk: member
        for role in ("auditor", "office")
        for member in role_holders(role, body, verification.day)
    }
    stage = verification.day.strftime("%y%m%d")
    notices = [
        notify(
            member,
            "log.broken",
            verification.chain,
            stage=stage,
            now=now,
            line=verification.bad_line,
        )
        for member in people.values()
    ]
    return sum(notice is not None for notice in notices)
