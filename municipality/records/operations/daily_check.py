"""The daily check of the access log, kept with a signature; a broken chain is told at once.

A chain of up to VERIFY_LINES lines is checked whole each day. Of a longer one the lines that are new
since the last good check are checked each day, after the line at which that check ended was compared
with its signed hash; the whole chain is checked once in WHOLE_DAYS, so many lines a minute, so that
the check ends however long the chain is. A manipulation of an older line is thus found within
WHOLE_DAYS and the time the check takes, by `manage.py verify_log` at once.
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
    """A job of every minute: check the body's chain, and the instance's own, as far as is due. It
    opens nothing.
    """
    check_chains(body, now)
    return 0


def check_chains(body: Municipality, now: datetime) -> int:
    """Check what was not checked today; how many chains that were. At most VERIFY_LINES lines of
    each, and as many of a long chain's older lines.
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
    """The furthest line up to which a signed check found the chain good; before the line that the
    latest check found bad, so that it is found again until it is mended.
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
    """Go on with the check of the whole chain, or begin one when the last is long ago."""
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
    """How far the check has come; None when it has not begun, or when its signature is wrong."""
    row = VerificationProgress.objects.filter(chain=chain, whole=whole).first()
    if row is None or not hmac.compare_digest(row.signature, signed_progress(row)):
        return None
    return row


def _keep_progress(
    chain: Chain, reached: Mark, *, whole: bool, done_on: date | None = None
) -> None:
    row = VerificationProgress(chain=chain, whole=whole, done_on=done_on)
    row.seq, row.hash = reached.seq, reached.hash
    facts = {"seq": row.seq, "hash": row.hash, "done_on": done_on}
    facts["signature"] = signed_progress(row)
    VerificationProgress.objects.update_or_create(chain=chain, whole=whole, defaults=facts)


@operation
def keep_verdict(
    chain: Chain, verdict: Verdict, reached: Mark, body: Municipality, today: date, *, now: datetime
) -> int:
    """Keep what was found, once per chain and day; a bad line beside an earlier good verdict of the
    day. 0 when it is known already.
    """
    found = Verification(
        chain=chain, day=today, at=now, bad_line=verdict.bad_line, reason=verdict.reason
    )
    found.length = verdict.length
    found.head = (reached.hash or chain.head) if verdict.bad_line is None else ""
    found.signature = signed_verification(found)
    if not _kept(found):
        return 0
    if verdict.bad_line is not None:
        VerificationProgress.objects.filter(chain=chain, whole=False).delete()
        _record_break(found, body)
        _tell(found, body, now=now)
    return 1


@operation
def pass_on(found: Verification, body: Municipality, *, now: datetime) -> None:
    """A break in the instance's own chain concerns every body: each tells its people once, whichever
    body's job found it.
    """
    if _tell(found, body, now=now):
        _record_break(found, body)


def _kept(found: Verification) -> bool:
    """Write what was found; False when as much stands there already."""
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        good = Verification.objects.filter(chain=found.chain, day=found.day, bad_line=None)
        names = ("at", "length", "head", "bad_line", "reason", "signature")
        facts = {name: getattr(found, name) for name in names}
        return found.bad_line is not None and bool(good.update(**facts))
    return True


def _record_break(found: Verification, body: Municipality) -> None:
    """The history of the body says that the chain was found broken."""
    name = found.chain.municipality_id or "instance"
    facts: dict[str, Any] = {"chain": name, "line": found.bad_line, "reason": found.reason}
    record(None, "log.broken", municipality=body, **facts)


def _tell(found: Verification, body: Municipality, *, now: datetime) -> int:
    """Office and auditors are told at once; how many who were not told before."""
    people: dict[int, Member] = {
        member.pk: member
        for role in ("auditor", "office")
        for member in role_holders(role, body, found.day)
    }
    stage = found.day.strftime("%y%m%d")
    notices = [
        notify(member, "log.broken", found.chain, stage=stage, now=now, line=found.bad_line)
        for member in people.values()
    ]
    return sum(notice is not None for notice in notices)
