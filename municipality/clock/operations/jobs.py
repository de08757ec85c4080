"""Running the jobs of a body. Each is guarded on its own: one that fails keeps neither the others
nor another body from running, and is tried again a bounded number of times a day.

A job is claimed with a lease before it runs, so that a slow one does not take every worker, and its
try is counted then: one that kills its worker is bounded like one that raises. Jobs bear running
twice; the lease only saves the work.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.utils import timezone

from municipality.clock.models import JobRun
from municipality.organisation.models import Municipality

logger = logging.getLogger(__name__)

Job = Callable[[Municipality, datetime], int]
"""What is done for one body at a moment; how many things it changed.

JobRun keeps the name of a job, which is made of the function's name (`daily_jobs` in
municipality/tasks.py). So a function that is a job keeps its name: renamed, it would leave its old
row behind as a failure that never ends.
"""

MOST_ATTEMPTS = 8
"""Tries of a failing job on one day."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
"""How long a failed job rests; each time twice as long, up to the longest."""

WORKER_LOST = "WorkerLost"
"""The kind of error of a job whose worker died."""


def run_waiting(body: Municipality, jobs: Mapping[str, Job], *, now: datetime) -> dict[str, int]:
    """Run those jobs of a body that no other worker has in hand and that do not rest after a
    failure: how much each that ran did.
    """
    done = {}
    for run in _runs(body, jobs):
        if _claim(run, now):
            done[run.job] = _run(run, body, jobs[run.job], now)
    return done


def run_all(body: Municipality, jobs: Mapping[str, Job], *, now: datetime) -> dict[str, int]:
    """Run every job of a body now, whatever rests or is in another's hand: how much each did."""
    done = {}
    for run in _runs(body, jobs):
        run.attempts, run.day = _tries(run, timezone.localdate(now)) + 1, timezone.localdate(now)
        done[run.job] = _run(run, body, jobs[run.job], now)
    return done


def _runs(body: Municipality, jobs: Mapping[str, Job]) -> Iterator[JobRun]:
    """How each of the jobs stands, in their order. One query; two more when there is a new job."""
    known = {run.job: run for run in JobRun.objects.of(body)}
    if missing := [name for name in jobs if name not in known]:
        fresh = [JobRun(municipality=body, job=name) for name in missing]
        JobRun.objects.bulk_create(fresh, ignore_conflicts=True)
        known = {run.job: run for run in JobRun.objects.of(body)}
    return (known[name] for name in jobs)


def _tries(run: JobRun, today: date) -> int:
    return run.attempts if run.day == today else 0


def _claim(run: JobRun, now: datetime) -> bool:
    """Take the job by compare-and-swap; False while it rests, or when another worker has it."""
    today = timezone.localdate(now)
    tries = _tries(run, today)
    held = run.lease_until is not None and run.lease_until > now
    if held or _rests(run, tries, now):
        return False
    seen = {"pk": run.pk, "day": run.day, "attempts": run.attempts, "lease_until": run.lease_until}
    values = {"day": today, "attempts": tries + 1, "lease_until": now + _lease()}
    if run.lease_until is not None:  # whoever had it never came back
        values |= {"error": WORKER_LOST, "place": "", "failed_at": run.lease_until}
    if not JobRun.objects.filter(**seen).update(**values):
        return False
    for name, value in values.items():
        setattr(run, name, value)
    return True


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _run(run: JobRun, body: Municipality, job: Job, now: datetime) -> int:
    try:
        done = job(body, now)
    except SoftTimeLimitExceeded as error:
        _write_failure(run, error, now)
        raise
    except Exception as error:
        logger.exception("job %s of %s", run.job, body.pk)
        connection.close_if_unusable_or_obsolete()
        _write_failure(run, error, now)
        return 0
    if run.error or run.lease_until:
        works = {"error": "", "place": "", "failed_at": None, "next_at": None}
        JobRun.objects.filter(pk=run.pk).update(attempts=0, lease_until=None, **works)
    return done


def resting(body: Municipality, prefix: str, now: datetime) -> dict[str, bool]:
    """The things of a job that failed, by name: True where it is not to be tried at this moment.
    One query.
    """
    today = timezone.localdate(now)
    runs = JobRun.objects.of(body).troubled().filter(job__startswith=prefix)
    return {run.job: _rests(run, _tries(run, today), now) for run in runs}


def note_failure(body: Municipality, name: str, error: Exception, *, now: datetime) -> None:
    """Count a failed try of one thing of a job, so that it rests while the others go on."""
    logger.error("%s of %s", name, body.pk, exc_info=error)
    run, _made = JobRun.objects.get_or_create(municipality=body, job=name[:80])
    today = timezone.localdate(now)
    run.attempts, run.day = _tries(run, today) + 1, today
    _write_failure(run, error, now)


def forget(body: Municipality, names: Iterable[str]) -> None:
    """These things work again, or are gone."""
    JobRun.objects.of(body).filter(job__in=list(names)).delete()


def _rests(run: JobRun, tries: int, now: datetime) -> bool:
    return tries >= MOST_ATTEMPTS or (run.next_at is not None and run.next_at > now)


def _write_failure(run: JobRun, error: Exception, now: datetime) -> None:
    JobRun.objects.filter(pk=run.pk).update(
        day=run.day,
        attempts=run.attempts,
        lease_until=None,
        next_at=now + min(FIRST_PAUSE * 2 ** min(run.attempts - 1, MOST_ATTEMPTS), LONGEST_PAUSE),
        error=type(error).__name__[:80],
        place=_place_of(error)[:160],
        failed_at=now,
    )


def _place_of(error: Exception) -> str:
    """The innermost line of the project that the error came through."""
    own = [
        f"{Path(frame.filename).relative_to(settings.BASE_DIR)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(settings.BASE_DIR)
        and not Path(frame.filename).relative_to(settings.BASE_DIR).parts[0].startswith(".")
    ]
    return own[-1] if own else ""
