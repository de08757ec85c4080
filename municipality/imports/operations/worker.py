"""What a worker does with large files: read what was received, write what was ordered.

A file is claimed with a lease that is renewed while the work goes on. A worker that dies leaves a
lease that runs out, and the sweep takes the file up again; nothing was written, since the writing
is one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from municipality.audit.log import operation
from municipality.core.crash_points import point
from municipality.core.refusals import Conflict, Refusal
from municipality.core.spreadsheets.reader import read_table
from municipality.core.spreadsheets.table import Finding, Table
from municipality.core.transitions import move
from municipality.imports.kinds import ImportPlan
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import (
    CHANGED_SINCE,
    kind_of,
    note_shown,
    plan_of,
    shown_by,
    write,
)
from municipality.organisation.models import Member, Municipality, authority_on

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5

TELL_SECONDS = 0.5

Clock = Callable[[], datetime]


class Gone(Exception):
    """The file was dropped, or another worker has it."""


def work_imports(clock: Clock, *, limit: int = 50) -> int:
    """Take up what waits, one file after the other; how many were finished."""
    done = 0
    for _turn in range(limit):
        taken = claim(now=clock())
        if taken is None:
            break
        done += work(taken, clock)
    return done


def claim(*, now: datetime) -> FileImport | None:
    """Take one file for IMPORT_LEASE_SECONDS by compare-and-swap; None when nothing waits."""
    for number, state, attempts in FileImport.objects.waiting(now).values_list(
        "pk", "state", "attempts"
    )[:20]:
        lease = now + timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
        seen = FileImport.objects.waiting(now).filter(pk=number, state=state, attempts=attempts)
        if seen.update(lease_until=lease, attempts=F("attempts") + 1, progress=0):
            point("import.claimed")
            rows = FileImport.objects.select_related(
                "municipality", "uploaded_by__user", "committed_by__user"
            )
            return rows.get(pk=number)
    return None


def work(taken: FileImport, clock: Clock) -> int:
    """Read or write one claimed file, in its person's language: 1 when it is done."""
    person = taken.committed_by or taken.uploaded_by
    with translation.override(
        (person.user.language if person and person.user else "") or settings.LANGUAGE_CODE
    ):
        try:
            if taken.attempts > MOST_ATTEMPTS:
                give_up(taken, person)
            elif taken.state == FileImport.State.RECEIVED:
                _read(taken, clock)
            else:
                _write(taken, clock)
        except (Gone, Conflict):
            return 0
        except Exception:
            logger.exception("import %s", taken.pk)
            return 0
    return 1


def _read(taken: FileImport, clock: Clock) -> None:
    plan, _table = _planned(taken, clock)
    point("import.read")
    show(taken, plan, by=taken.uploaded_by)


def _write(taken: FileImport, clock: Clock) -> None:
    """Write what was ordered; what changed since it was shown is shown anew."""
    by, now = taken.committed_by, clock()
    if by is None or not _may_still(taken, by, now):
        refuse(
            taken,
            _("取込みを指示した人が、取り込める役割ではなくなりました。何も取り込んでいません。"),
            by=by,
        )
        return
    plan, table = _planned(taken, clock, stamped=True)
    try:
        write(taken, kind_of(taken.kind), table, plan, by=by, now=now)
    except Conflict as error:
        if str(error) != str(CHANGED_SINCE):
            raise
        taken.refresh_from_db(fields=["state", "edition", "content", "committed_at"])
        fresh, _table = _planned(taken, clock)
        fresh.notes.insert(
            0, _("確認した後に登録内容が変わりました。もう一度、内容を確認してください。")
        )
        show(taken, fresh, by=by)


def _may_still(taken: FileImport, by: Member, now: datetime) -> bool:
    """Is the one who ordered it still in a role that may? Asked on the day it is done."""
    by.authority = authority_on(by, timezone.localdate(now))
    return by.is_active and not isinstance(kind_of(taken.kind).may(by, taken), Refusal)


def _planned(taken: FileImport, clock: Clock, *, stamped: bool = False) -> tuple[ImportPlan, Table]:
    table = read_table(taken.name, bytes(taken.content))
    teller = Teller(taken, clock)
    teller(0, len(table.rows))
    facts = {"now": clock(), "options": taken.options, "stamped": stamped}
    return plan_of(kind_of(taken.kind), table, taken.municipality, **facts, tell=teller), table


class Teller:
    """Notes how far the work is, at most twice a second, and renews the lease. Raises Gone when the
    file was dropped.
    """

    def __init__(self, taken: FileImport, clock: Clock) -> None:
        self.taken, self.clock, self.last = taken, clock, -TELL_SECONDS

    def __call__(self, done: int, rows: int) -> None:
        """So many of so many rows are done."""
        if time.monotonic() - self.last < TELL_SECONDS:
            return
        self.last = time.monotonic()
        lease = self.clock() + timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
        mine = FileImport.objects.filter(
            pk=self.taken.pk, state=self.taken.state, attempts=self.taken.attempts
        )
        if not mine.update(progress=done, rows=rows, lease_until=lease):
            raise Gone


@operation
def show(taken: FileImport, plan: ImportPlan, *, by: Member | None) -> None:
    """Keep what a file would change or what is wrong with it. The next worker begins anew."""
    plan.close()
    facts = shown_by(plan)
    move(taken, facts.pop("state"), **facts, lease_until=None, attempts=0)
    note_shown(taken, by)


def refuse(taken: FileImport, reason: str, *, by: Member | None) -> None:
    """Refuse a file as a whole."""
    show(taken, ImportPlan(findings=[Finding(1, "", taken.name, reason)]), by=by)


def give_up(taken: FileImport, by: Member | None) -> None:
    """A file at which workers died again and again is refused, so that it stops the others no
    longer.
    """
    refuse(
        taken,
        _("処理を完了できませんでした。ファイルを分けるか、運用管理者に連絡してください。"),
        by=by,
    )


@transaction.atomic
def forget_old_files(municipality: Municipality, now: datetime) -> int:
    """Drop the content of files that nobody decided on, and what could be taken back, after their
    days; how many.
    """
    waiting = FileImport.objects.of(municipality).filter(
        state__in=[FileImport.State.PREVIEWED, FileImport.State.REFUSED],
        uploaded_at__lt=now - timedelta(days=settings.IMPORT_KEEP_DAYS),
    )
    dropped = waiting.update(
        state=FileImport.State.DISCARDED, content=b"", edition=F("edition") + 1
    )
    settled = FileImport.objects.of(municipality).filter(
        state=FileImport.State.COMMITTED,
        committed_at__lt=now - timedelta(days=settings.IMPORT_UNDO_DAYS),
    )
    return dropped + settled.exclude(undo=b"").update(undo=b"")
