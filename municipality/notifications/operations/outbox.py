"""The outbox: a mail is claimed with a lease, checked once more, sent, and marked.

A worker that dies after the claim leaves a lease that runs out, and the sweep takes the mail up
again. Only between the mail server's acceptance and the mark can a second copy arise, with the same
Message-ID.
"""

from __future__ import annotations

import hashlib
import logging
import math
import smtplib
import time
from collections import deque
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import chain

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import DateTimeField, F, Func, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone, translation

from municipality.clock.operations.jobs import drop_dead_connection
from municipality.core.crash_points import point
from municipality.core.registry import deadlines, notice_kinds
from municipality.deadlines.queries import audience_of, due_things
from municipality.notifications.letter_mail import LetterMail
from municipality.notifications.models import GATHERED, UNWRITABLE, WORKER_LOST, Mail, Notice
from municipality.notifications.restore_guard import is_restored, note_sent
from municipality.notifications.wording import letter_of, mail_text, values_of
from municipality.organisation.models import Municipality, authority_on

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 12

LONGEST_PAUSE = timedelta(hours=1)
"""How long a mail that did not go out rests at most."""

AT_A_LOOK = 200
"""So many mails are put in order at once."""

MOST_UNREACHED = 3
"""After so many mails in a row for which the server was not reached, the rest waits for the next
sweep.
"""


class Outcome(Enum):
    """What became of a claimed mail."""

    SENT = "sent"
    UNSENT = "unsent"
    UNREACHED = "unreached"


def deliver_mails(
    *, now: datetime | None = None, limit: int = 200, seconds: float = math.inf
) -> int:
    """Send what is queued, and what was claimed and never finished; how many were sent.

    It ends after so many seconds, and when the mail server is away: the next sweep goes on, and
    until then the worker is free. None while the database came back from a backup and nobody has
    confirmed it (`manage.py confirm_restore`).
    """
    sent, unreached, ahead = 0, 0, deque[Mail]()
    end = time.monotonic() + seconds
    if is_restored():
        logger.warning(
            "the database is older than the mail already sent; waiting for manage.py "
            "confirm_restore"
        )
        return 0
    for _turn in range(limit):
        if unreached == MOST_UNREACHED or time.monotonic() > end:
            break
        moment = now or database_now()
        mail = claim(now=moment, ahead=ahead)
        if mail is None:
            break
        outcome = deliver(mail, now=moment)
        sent += outcome is Outcome.SENT
        unreached = unreached + 1 if outcome is Outcome.UNREACHED else 0
    return sent


def database_now() -> datetime:
    """The moment by the clock that all workers share: a worker whose own clock is wrong takes no
    lease away from another.

    SQLite has none beside the machine's own.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    clock = Func(function="clock_timestamp", output_field=DateTimeField())
    return (
        Municipality.objects.annotate(at=clock).values_list("at", flat=True).first()
        or timezone.now()
    )


def waiting(now: datetime) -> QuerySet[Mail]:
    """The mails that can go out now, in their order: those of a single urgent notice before those
    gathered in a day, and among each the bodies by turns, so that no body waits for all of another.

    A pause or lease beyond any was given by a clock that was wrong.
    """
    lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    ready = Q(lease_until=None) | _is_over(now, LONGEST_PAUSE)
    rows = Mail.objects.filter(
        Q(ready, state=Mail.State.QUEUED) | Q(_is_over(now, lease), state=Mail.State.CLAIMED)
    ).annotate(gathered=Q(batch__startswith=GATHERED))
    turn = Window(RowNumber(), partition_by=[F("municipality"), F("gathered")], order_by="id")
    return rows.annotate(turn=turn).order_by("gathered", "turn", "pk")


def _is_over(now: datetime, longest: timedelta) -> Q:
    return Q(lease_until__lte=now) | Q(lease_until__gt=now + longest)


def claim(*, now: datetime, ahead: deque[Mail] | None = None) -> Mail | None:
    """Take one mail for MAIL_LEASE_SECONDS by compare-and-swap; None when nothing waits. `ahead`
    are the mails seen to wait, which a caller of many keeps from one to the next.
    """
    ahead = deque() if ahead is None else ahead
    if not ahead:
        ahead.extend(waiting(now)[:AT_A_LOOK])
    lease = now + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    while ahead:
        mail = ahead.popleft()
        seen = {"pk": mail.pk, "state": mail.state, "attempts": mail.attempts}
        point("mail.before_claim")
        if Mail.objects.filter(**seen).update(
            state=Mail.State.CLAIMED, lease_until=lease, attempts=F("attempts") + 1
        ):
            point("mail.claimed")
            return Mail.objects.select_related("member__user", "municipality").get(pk=mail.pk)
    return None


def deliver(mail: Mail, *, now: datetime) -> Outcome:
    """Send one claimed mail. Notices that no longer matter are left out; with none left it is
    dropped.

    Whatever goes wrong with it stays its own: the mails behind it go on. A mail at which workers
    died again and again is given up like one that the server refuses.
    """
    if mail.attempts > MOST_ATTEMPTS:
        _mark(mail, Mail.State.REFUSED, error=mail.error or WORKER_LOST)
        return Outcome.UNSENT
    try:
        letter = _prepared(mail, now=now)
        if letter is None:
            _mark(mail, Mail.State.DROPPED)
            return Outcome.UNSENT
        letter.send()
    except SoftTimeLimitExceeded:
        raise  # the worker ends; the lease gives the mail to the next
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the mails behind it go on
        _postpone(mail, _reason(mail, error), now=now)
        return Outcome.UNREACHED if _is_unreached(error) else Outcome.UNSENT
    point("mail.accepted")
    _mark(mail, Mail.State.SENT, sent_at=timezone.now(), message_id=message_id(mail))
    _note_sent(mail)
    point("mail.marked")
    return Outcome.SENT


def _note_sent(mail: Mail) -> None:
    """The mark beside the database; without it the mails behind this one go on."""
    try:
        note_sent(mail.pk)
    except OSError:
        logger.exception("the mark of the newest mail sent")


def _is_unreached(error: Exception) -> bool:
    """Was the server away, rather than refusing this mail?"""
    away = smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError
    return isinstance(error, away) or (
        isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    )


def _reason(mail: Mail, error: Exception) -> str:
    """Why a mail did not go out: what the server said, or the kind of an error of our own. Its
    words may hold what the mail says of a person, so that only the log has them.
    """
    if isinstance(error, smtplib.SMTPException | OSError):
        return f"{type(error).__name__}: {error}"
    logger.error("mail %s", mail.pk, exc_info=error)
    drop_dead_connection()
    return f"{UNWRITABLE}{type(error).__name__}"


def _prepared(mail: Mail, *, now: datetime) -> EmailMessage | None:
    """The mail as it goes out now; None when there is nothing to send any more, or nobody.

    Of several notices one that cannot be written is left to a mail of its own, which fails alone.
    """
    notices = list(mail.notices.order_by("due_on", "pk"))
    try:
        return _letter(mail, notices, now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        faulty = [notice for notice in notices if _is_faulty(mail, notice, now)]
        if len(faulty) in (0, len(notices)):
            raise
        Notice.objects.filter(pk__in=[notice.pk for notice in faulty]).update(mail=None)
        return _letter(mail, [notice for notice in notices if notice not in faulty], now)


def _is_faulty(mail: Mail, notice: Notice, now: datetime) -> bool:
    try:
        _letter(mail, [notice], now)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - the mail of this notice alone will tell the office
        _reason(mail, error)
        return True
    return False


def _letter(mail: Mail, notices: list[Notice], now: datetime) -> EmailMessage | None:
    notices = still_matter(mail, notices, now=now)
    if (
        not notices
        or not recipient(mail, notices)
        or not mail.member.is_active
        or _is_stopped(mail, notices)
    ):
        return None
    return compose(mail, notices)


def still_matter(mail: Mail, notices: list[Notice], *, now: datetime) -> list[Notice]:
    """Those notices of the mail without those whose thing was done, moved or passed to another
    meanwhile.

    Whose last posting has ended is told nothing more; a letter with a secret (an invitation) may
    come before the first.
    """
    mail.member.authority = authority_on(mail.member, timezone.localdate(now))
    works = bool(mail.member.authority.posts)
    notices = [notice for notice in notices if (letter_of(notice) if _is_letter(notice) else works)]
    bound = {notice.pk: rules for notice in notices if (rules := _deadlines_of(notice))}
    open_things = {
        rule: _open_things(mail, rule, notices, now) for rule in set(chain(*bound.values()))
    }
    return [
        notice
        for notice in notices
        if notice.pk not in bound
        or any(_is_open(notice, open_things[rule]) for rule in bound[notice.pk])
    ]


def _is_stopped(mail: Mail, notices: list[Notice]) -> bool:
    """Was the body set to send nothing (準備中は送らない) after this was queued? Security of
    accounts goes out all the same.
    """
    kinds = [notice_kinds().get(notice.rule) for notice in notices]
    return not mail.municipality.sending and not any(kind and kind.security for kind in kinds)


def _is_letter(notice: Notice) -> bool:
    kind = notice_kinds().get(notice.rule)
    return bool(kind and kind.letter)


def recipient(mail: Mail, notices: list[Notice]) -> str:
    """Where the mail goes: to the person's address, or where a letter says."""
    letter = letter_of(notices[0])
    return letter.to if letter else mail.member.reached_by


def _deadlines_of(notice: Notice) -> tuple[str, ...]:
    """The rules of the deadlines that the notice is about, if it is about any."""
    if notice.rule in deadlines():
        return (notice.rule,)
    kind = notice_kinds().get(notice.rule)
    return kind.while_due if kind else ()


def _open_things(
    mail: Mail, rule: str, notices: list[Notice], now: datetime
) -> dict[bool, set[tuple[int, date]]]:
    """(thing, due date) that still wait: True holds those that wait for this person, False those
    that wait at all.
    """
    numbers = Q(d_object__in=[notice.object_id for notice in notices])
    today = timezone.localdate(now)
    due = {}
    for own, audience in ((True, numbers & audience_of(mail.member)), (False, numbers)):
        things = due_things(mail.municipality, today, audience=audience, rule=rule)
        due[own] = {(thing.object_id, thing.due_on) for thing in things}
    return due


def _is_open(notice: Notice, things: dict[bool, set[tuple[int, date]]]) -> bool:
    own = not values_of(notice).get("escalated", False)
    return (notice.object_id, notice.due_on) in things[own]


def compose(mail: Mail, notices: list[Notice]) -> EmailMessage:
    """The mail in its reader's language, with a Message-ID made from its key, so that a second copy
    is recognised.
    """
    language = (mail.member.user.language if mail.member.user else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        subject, body = mail_text(mail, notices)
    body_of = mail.municipality
    return LetterMail(
        subject,
        body,
        body_of.sender or settings.DEFAULT_FROM_EMAIL,
        [recipient(mail, notices)],
        reply_to=[body_of.reply_to] if body_of.reply_to else None,
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
    )


def message_id(mail: Mail) -> str:
    """<digest of body, member, day and batch @ the configured mail domain>."""
    key = f"{mail.municipality_id}:{mail.member_id}:{mail.day}:{mail.batch}:{mail.pk}"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}>"


def _mark(mail: Mail, state: str, **values) -> None:
    """Mark a mail that this worker claimed. One that came back so late that another has claimed it
    since says only that it went out, whatever the other made of it.
    """
    mine = Mail.objects.filter(pk=mail.pk)
    if state != Mail.State.SENT:
        mine = mine.filter(state=Mail.State.CLAIMED, attempts=mail.attempts)
    mine.update(**{"state": state, "lease_until": None, **values})


def _postpone(mail: Mail, error: str, *, now: datetime) -> None:
    """Try again later, a little later each time; after MOST_ATTEMPTS it stands as refused, for the
    office to see.
    """
    if mail.attempts >= MOST_ATTEMPTS:
        _mark(mail, Mail.State.REFUSED, error=error[:300])
        return
    seconds = settings.MAIL_RETRY_SECONDS * 2 ** (mail.attempts - 1)
    _mark(
        mail,
        Mail.State.QUEUED,
        lease_until=now + min(timedelta(seconds=seconds), LONGEST_PAUSE),
        error=error[:300],
    )
