"""Celery tasks of the ground floor. They tell the time and wake operations; what is due stands in
the database.

Each minute the tick wakes one task for each body, so that no body waits for another. The tick, the
bodies, the mails and the files have a queue each, so that none waits for another. A body whose task
cannot be handed to the broker is served by the tick itself; a task that the broker loses is made up
for by the next tick.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from municipality.clock.models import JobRun
from municipality.clock.operations.jobs import Clock, Job, run_all, run_waiting
from municipality.core.registry import registrations
from municipality.core.task_queue import enqueue
from municipality.imports.operations.worker import work_imports
from municipality.notifications.operations.outbox import database_now, deliver_mails
from municipality.organisation.models import Municipality
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_if_changed, plan_reminders
from municipality.setup.models import Pulse

logger = logging.getLogger(__name__)

PLAN, GATHER = "reminders.plan", "reminders.gather"

TICKS_KEPT = 5
"""For so many ticks a body's task waits for a worker; later ones have taken its place by then."""


@shared_task(name="municipality.tasks.tick")
def tick() -> None:
    """Each minute: show life, and have the jobs of every body run."""
    _show_life("scheduler")
    for code in _codes():
        expires = TICKS_KEPT * settings.TICK_SECONDS
        if not enqueue("municipality.tasks.run_body", code, expires=expires):
            _run_here(code)


@shared_task(name="municipality.tasks.run_body")
def run_body(code: str) -> None:
    """For one body: open what begins, plan the reminders of the day, gather them into mails."""
    _show_life("bodies")
    body, now = Municipality.objects.filter(pk=code).first(), database_now()
    if body is None:
        return
    reminding = timezone.localtime(now).hour >= settings.REMINDER_HOUR
    jobs = daily_jobs() | (reminder_jobs() if reminding else {})
    run_waiting(body, jobs, now=now, clock=_running_from(now))


@shared_task(name="municipality.tasks.deliver")
def deliver() -> None:
    """Send what the outbox holds, and take up what a dead worker left, until the next sweep."""
    _show_life("worker")
    deliver_mails(seconds=settings.SWEEP_SECONDS)


@shared_task(name="municipality.tasks.take_up")
def take_up() -> None:
    """Read and write the large files that wait, and take up what a dead worker left."""
    _show_life("imports")
    work_imports(timezone.now)


def _codes() -> list[str]:
    """The bodies; those whose jobs came to no end the last time wait behind the others."""
    slow = set(JobRun.objects.timed_out().values_list("municipality", flat=True))
    codes = Municipality.objects.order_by("pk").values_list("pk", flat=True)
    return sorted(codes, key=lambda code: code in slow)


def _running_from(now: datetime) -> Clock:
    """A clock that goes on from the moment of the database, whatever this machine's own says."""
    begun = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - begun)


def _show_life(name: str) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _run_here(code: str) -> None:
    """Serve a body without a worker. What goes wrong around its jobs stops no other body."""
    try:
        run_body(code)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("jobs of %s", code)


def daily_jobs() -> dict[str, Job]:
    """Every app's daily jobs by name, in the order of the house."""
    return {f"{app.name}.{job.__name__}": job for app in registrations() for job in app.daily}


def reminder_jobs() -> dict[str, Job]:
    """Planning reminders and gathering mails."""
    return {
        PLAN: lambda body, now: plan_if_changed(body, now=now),
        GATHER: lambda body, now: gather_mails(body, now=now),
    }


def closing_jobs() -> dict[str, Job]:
    """The same as of the end of a day: whatever was planned before, and whatever hours people
    set.
    """
    return {
        PLAN: lambda body, now: plan_reminders(body, now=now),
        GATHER: lambda body, now: gather_mails(body, now=now, hours=False),
    }


def run_jobs(municipality: Municipality, *, now: datetime) -> int:
    """Every app's daily jobs for one body, in this process; how much they opened or changed."""
    return sum(run_all(municipality, daily_jobs(), now=now).values())


def run_day(now: datetime) -> tuple[int, int, int]:
    """Everything of a day for every body, in this process, as of `now`: (opened, notices told,
    mails sent).
    """
    opened = notified = 0
    for municipality in Municipality.objects.order_by("pk"):
        opened += run_jobs(municipality, now=now)
        notified += run_all(municipality, closing_jobs(), now=now)[PLAN]
    return opened, notified, deliver_mails(now=now, limit=100_000)
