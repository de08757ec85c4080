"""Running the jobs of a body. Each is guarded on its own: one that fails keeps neither the others
nor another body from running, and is tried again a bounded number of times a day.

A job is claimed with a lease before it runs, so that a slow one does not take every worker, and its
try is counted then: one that kills its worker is bounded like one that raises. Jobs bear running
twice; the lease only saves the work.

The jobs of a body run in their declared order. One that rests after a failure is passed over. At
one that another worker has in hand the round ends: what stands behind it may need what it does. A
job that came to no end before is passed over there too: the others wait for it once, not each time.
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

from municipality.clock.models import TIMED_OUT, WORKER_LOST, JobRun, JobRunQuerySet
from municipality.core.time_limits import soft_limit
from municipality.organisation.models import Municipality

logger = logging.getLogger(__name__)

Job = Callable[[Municipality, datetime], int]
"""What is done for one body at a moment; how many things it changed.

JobRun keeps the name of a job, which is made of the function's name (`daily_jobs` in
municipality/tasks.py). Renamed, it leaves its old row behind, for UNTRIED_KEPT.
"""

MOST_ATTEMPTS = 8
"""Tries of a failing job on one day."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
"""How long a failed job rests; each time twice as long, up to the longest."""

UNTRIED_KEPT = timedelta(days=7)
"""A failure that nobody has tried again for so long belongs to a job that is no more: what there is
is tried each day.
"""

Clock = Callable[[], datetime]


def run_waiting(
    body: Municipality, jobs: Mapping[str, Job], *, now: datetime, clock: Clock | None = None
) -> dict[str, int]:
    """Run those jobs of a body that do not rest after a failure, until one that another worker has
    in hand: how much each that ran did. Each may last JOB_SOFT_SECONDS.

    `clock` tells when each begins and fails, so that a pause counts from the failure; without it
    that is `now`.
    """
    clock, done = clock or (lambda: now), {}
    for run in _runs(body, jobs, now):
        moment = clock()
        if _is_held(run, moment) and run.error not in TIMED_OUT:
            break
        if _is_held(run, moment) or _is_passed_over(run, moment):
            continue
        if not _claim(run, moment):
            break
        done[run.job] = _run(run, body, _limited(jobs[run.job]), moment, clock)
    return done


def _limited(job: Job) -> Job:
    def run(body: Municipality, now: datetime) -> int:
        with soft_limit(settings.JOB_SOFT_SECONDS):
            return job(body, now)

    return run


def run_all(body: Municipality, jobs: Mapping[str, Job], *, now: datetime) -> dict[str, int]:
    """Run every job of a body now, whatever rests or is in another's hand: how much each did."""
    done = {}
    for run in _runs(body, jobs, now):
        _take(JobRun.objects.filter(pk=run.pk), run, now)
        done[run.job] = _run(run, body, jobs[run.job], now, lambda: now)
    return done


def _runs(body: Municipality, jobs: Mapping[str, Job], now: datetime) -> Iterator[JobRun]:
    """How each of the jobs stands, in their order. One query; two more when there is a new job, one
    when a failure of a job that is no more is forgotten.
    """
    known = {run.job: run for run in JobRun.objects.of(body)}
    if ended := [
        run.job for run in known.values() if run.job not in jobs and _is_untried(run, now)
    ]:
        forget(body, ended)
    if missing := [name for name in jobs if name not in known]:
        fresh = [JobRun(municipality=body, job=name) for name in missing]
        JobRun.objects.bulk_create(fresh, ignore_conflicts=True)
        known = {run.job: run for run in JobRun.objects.of(body)}
    return (known[name] for name in jobs)


def _is_untried(run: JobRun, now: datetime) -> bool:
    return run.failed_at is not None and run.failed_at < now - UNTRIED_KEPT


def _tries(run: JobRun, today: date) -> int:
    return run.attempts if run.day == today else 0


def _is_held(run: JobRun, now: datetime) -> bool:
    """Does another worker have the job? A lease beyond any lease was given by a clock that was
    wrong.
    """
    return run.lease_until is not None and now < run.lease_until <= now + _lease()


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _is_passed_over(run: JobRun, now: datetime) -> bool:
    """Does the job rest after a failure? One that was not finished in time is also left while such
    jobs have all places of a worker but one, which stays for the others.
    """
    if _rests(run, _tries(run, timezone.localdate(now)), now):
        return True
    if run.error not in TIMED_OUT:
        return False
    again = JobRun.objects.timed_out().filter(lease_until__gt=now, lease_until__lte=now + _lease())
    return again.count() >= max(1, settings.CELERY_WORKER_CONCURRENCY - 1)


def _claim(run: JobRun, now: datetime) -> bool:
    """Take the job by compare-and-swap; False when another worker was first."""
    seen = {"pk": run.pk, "day": run.day, "attempts": run.attempts, "lease_until": run.lease_until}
    return _take(JobRun.objects.filter(**seen), run, now)


def _take(rows: JobRunQuerySet, run: JobRun, now: datetime) -> bool:
    today = timezone.localdate(now)
    values = {"day": today, "attempts": _tries(run, today) + 1, "lease_until": now + _lease()}
    if run.lease_until is not None:  # whoever had it never came back
        values |= {"error": WORKER_LOST, "place": "", "failed_at": min(run.lease_until, now)}
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(run, name, value)
    return True


def _run(run: JobRun, body: Municipality, job: Job, now: datetime, clock: Clock) -> int:
    try:
        done = job(body, now)
    except SoftTimeLimitExceeded as error:
        _write_failure(_mine(run), run, error, clock())
        for row in error.args:  # named by each_guarded
            note_failure(body, row, error, now=clock())
        raise
    except Exception as error:
        logger.exception("job %s of %s", run.job, body.pk)
        drop_dead_connection()
        _write_failure(_mine(run), run, error, clock())
        return 0
    works = {"error": "", "place": "", "failed_at": None, "next_at": None}
    _mine(run).update(attempts=0, lease_until=None, **works)
    return done


def _mine(run: JobRun) -> JobRunQuerySet:
    """The job as this worker claimed it; none when it came back so late that another has it now."""
    return JobRun.objects.filter(pk=run.pk, lease_until=run.lease_until, attempts=run.attempts)


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
    drop_dead_connection()
    run, _made = JobRun.objects.get_or_create(municipality=body, job=name_of(name))
    today = timezone.localdate(now)
    run.attempts, run.day = _tries(run, today) + 1, today
    _write_failure(JobRun.objects.filter(pk=run.pk), run, error, now)


def drop_dead_connection() -> None:
    """Leave a connection that the database has ended, so that the next query opens another. Within
    a transaction it stays: closing it would lose what was done.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def name_of(thing: str) -> str:
    """The name under which a thing's failures are kept: as much of it as the column takes."""
    return thing[: JobRun._meta.get_field("job").max_length]


def forget(body: Municipality, names: Iterable[str]) -> None:
    """Delete the failures of these things, which work again or are gone."""
    JobRun.objects.of(body).filter(job__in=list(names)).delete()


def _rests(run: JobRun, tries: int, now: datetime) -> bool:
    """Are the tries of the day used up, or is the pause not over? A pause beyond any pause was
    begun by a clock that was wrong, or by a day that was run ahead of time.
    """
    paused = run.next_at is not None and now < run.next_at <= now + LONGEST_PAUSE
    return tries >= MOST_ATTEMPTS or paused


def _write_failure(rows: JobRunQuerySet, run: JobRun, error: Exception, now: datetime) -> None:
    rows.update(
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
