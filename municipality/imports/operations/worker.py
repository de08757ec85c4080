"""What a worker does with large files: read what was received, write what was ordered.

A file is claimed with a lease that is renewed while the work goes on. A worker that dies leaves a
lease that runs out, and the sweep takes the file up again; nothing was written, since the writing
is one transaction.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from municipality.clock.operations.jobs import forget, note_failure
from municipality.core.crash_points import point
from municipality.core.refusals import Conflict, Refusal
from municipality.core.spreadsheets.table import Finding, Table
from municipality.imports.kinds import ImportPlan
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import (
    CHANGED_SINCE,
    apply,
    kind_of,
    plan_of,
)
from municipality.imports.operations.previews import show
from municipality.organisation.models import Member, Municipality, authority_on

MOST_ATTEMPTS = 5

REPORT_SECONDS = 0.5

Clock = Callable[[], datetime]


class Gone(Exception):
    """The file was discarded, or another worker has claimed it."""


def work_imports(clock: Clock, *, limit: int = 50) -> int:
    """Process the waiting files one after another; number of files finished."""
    done = 0
    for _turn in range(limit):
        file_import = claim(now=clock())
        if file_import is None:
            break
        done += work(file_import, clock)
    return done


def claim(*, now: datetime) -> FileImport | None:
    """Claim one file for IMPORT_LEASE_SECONDS by compare-and-swap; None when no file waits."""
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


def work(file_import: FileImport, clock: Clock) -> int:
    """Read or write one claimed file, in the language of its person: 1 when it is finished."""
    person = file_import.committed_by or file_import.uploaded_by
    is_last = file_import.attempts > MOST_ATTEMPTS
    with translation.override(
        (person.user.language if person and person.user else "") or settings.LANGUAGE_CODE
    ):
        try:
            if is_last:
                give_up(file_import, person)
            elif file_import.state == FileImport.State.RECEIVED:
                _read(file_import, clock)
            else:
                _write(file_import, clock)
        except (Gone, Conflict):
            return 0
        except SoftTimeLimitExceeded:
            raise  # the worker ends; the lease gives the file to the next
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the files behind it go on
            _note(file_import, error, clock(), is_last=is_last)
            return 0
    forget(file_import.municipality, [_job_name(file_import)])
    return 1


def _note(file_import: FileImport, error: Exception, now: datetime, *, is_last: bool) -> None:
    """A failed try stands among the troubled jobs. A file that cannot even be given up is refused
    without a word to its person, so that it is not tried for ever.
    """
    note_failure(file_import.municipality, _job_name(file_import), error, now=now)
    if is_last:
        FileImport.objects.filter(pk=file_import.pk, state__in=FileImport.WORKING).update(
            state=FileImport.State.REFUSED, lease_until=None, edition=F("edition") + 1
        )


def _job_name(file_import: FileImport) -> str:
    return f"imports.work {file_import.pk}"


def _read(file_import: FileImport, clock: Clock) -> None:
    plan, _table = _planned(file_import, clock)
    point("import.read")
    show(file_import, plan, by=file_import.uploaded_by)


def _write(file_import: FileImport, clock: Clock) -> None:
    """Write the file; when the data changed since the preview, show a new preview instead."""
    by, now = file_import.committed_by, clock()
    if by is None or not _may_still(file_import, by, now):
        refuse(
            file_import,
            _("取込みを指示した人が、取り込める役割ではなくなりました。何も取り込んでいません。"),
            by=by,
        )
        return
    plan, table = _planned(file_import, clock, stamped=True)
    try:
        apply(file_import, kind_of(file_import.kind), table, plan, by=by, now=now)
    except Conflict as error:
        if str(error) != str(CHANGED_SINCE):
            raise
        file_import.refresh_from_db(fields=["state", "edition", "content", "committed_at"])
        fresh, _table = _planned(file_import, clock)
        fresh.notes.insert(
            0, _("確認した後に登録内容が変わりました。もう一度、内容を確認してください。")
        )
        show(file_import, fresh, by=by)


def _may_still(file_import: FileImport, by: Member, now: datetime) -> bool:
    """Whether the person who ordered it still has the right. Checked on the day it is done."""
    by.authority = authority_on(by, timezone.localdate(now))
    return by.is_active and not isinstance(kind_of(file_import.kind).may(by, file_import), Refusal)


def _planned(
    file_import: FileImport, clock: Clock, *, stamped: bool = False
) -> tuple[ImportPlan, Table]:
    kind = kind_of(file_import.kind)
    table = kind.table_in(file_import.name, bytes(file_import.content))
    reporter = ProgressReporter(file_import, clock)
    reporter(0, len(table.rows))
    options = {"now": clock(), "options": file_import.options, "stamped": stamped}
    return plan_of(kind, table, file_import.municipality, **options, report=reporter), table


class ProgressReporter:
    """Stores the progress at most twice a second and renews the lease. Raises Gone when the file
    was discarded.
    """

    def __init__(self, file_import: FileImport, clock: Clock) -> None:
        self.file_import, self.clock, self.last = file_import, clock, -math.inf

    def __call__(self, done: int, rows: int) -> None:
        """Report that `done` of `rows` rows are processed."""
        if time.monotonic() - self.last < REPORT_SECONDS:
            return
        self.last = time.monotonic()
        lease = self.clock() + timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
        mine = FileImport.objects.filter(
            pk=self.file_import.pk, state=self.file_import.state, attempts=self.file_import.attempts
        )
        if not mine.update(progress=done, rows=rows, lease_until=lease):
            raise Gone


def refuse(file_import: FileImport, reason: str, *, by: Member | None) -> None:
    """Refuse a file as a whole."""
    show(file_import, ImportPlan(findings=[Finding(1, "", file_import.name, reason)]), by=by)


def give_up(file_import: FileImport, by: Member | None) -> None:
    """Refuse a file at which workers stopped several times, so that it no longer blocks the
    others.
    """
    refuse(
        file_import,
        _("処理を完了できませんでした。ファイルを分けるか、運用管理者に連絡してください。"),
        by=by,
    )


@transaction.atomic
def forget_old_files(municipality: Municipality, now: datetime) -> int:
    """Delete the content of uncommitted files and the data for undo after their retention days; the
    number deleted.
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
