"""Celery tasks of the ground floor. They tell the time and wake operations; what is due stands in
the database.
"""

from __future__ import annotations

import logging
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from municipality.core.registry import registrations
from municipality.imports.operations.worker import work_imports
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Municipality
from municipality.reminders.operations.mails import gather_mails
from municipality.reminders.operations.planning import plan_reminders
from municipality.setup.models import Pulse

logger = logging.getLogger(__name__)


@shared_task(name="municipality.tasks.tick")
def tick() -> None:
    """Each minute: open what begins, plan the reminders of the day, gather them into mails."""
    now = timezone.now()
    Pulse.objects.update_or_create(name="scheduler", defaults={"at": now})
    for municipality in Municipality.objects.order_by("pk"):
        run_jobs(municipality, now=now)
        if timezone.localtime(now).hour >= settings.REMINDER_HOUR:
            plan_reminders(municipality, now=now)
            gather_mails(municipality, now=now)


@shared_task(name="municipality.tasks.deliver")
def deliver() -> None:
    """Send what the outbox holds, and take up what a dead worker left."""
    Pulse.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
    deliver_mails()


@shared_task(name="municipality.tasks.take_up")
def take_up() -> None:
    """Read and write the large files that wait, and take up what a dead worker left."""
    work_imports(timezone.now)


def run_jobs(municipality: Municipality, *, now: datetime) -> int:
    """Every room's daily jobs for one body. One that fails does not keep the others from
    running.
    """
    done = 0
    for room in registrations():
        for job in room.daily:
            try:
                done += job(municipality, now)
            except Exception:
                logger.exception("daily job %s.%s of %s", room.name, job.__name__, municipality.pk)
    return done


def run_day(now: datetime) -> tuple[int, int, int]:
    """Everything of a day for every body, in this process, as of `now`: (opened, notices told,
    mails sent).
    """
    opened = told = 0
    for municipality in Municipality.objects.order_by("pk"):
        opened += run_jobs(municipality, now=now)
        told += plan_reminders(municipality, now=now)
        gather_mails(municipality, now=now, hours=False)
    return opened, told, deliver_mails(now=now, limit=100_000)
