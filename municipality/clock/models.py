"""How the jobs of the clock stand in each body."""

from __future__ import annotations

from typing import Self

from celery.exceptions import SoftTimeLimitExceeded
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipality.core.models import BodyModel
from municipality.organisation.models import OfficeQuerySet

WORKER_LOST = "WorkerLost"
"""The kind of error of a job whose worker died."""

TIMED_OUT = (SoftTimeLimitExceeded.__name__, WORKER_LOST)
"""Kinds of error of a job that took a worker for long and came to no end."""


class JobRunQuerySet(OfficeQuerySet):
    """How the jobs of the bodies run."""

    def troubled(self) -> Self:
        """Jobs that failed and have not succeeded since."""
        return self.exclude(error="")

    def timed_out(self) -> Self:
        """Jobs that came to no end and have not succeeded since, whether or not they run again."""
        return self.filter(error__in=TIMED_OUT)


class JobRun(BodyModel):
    """How one job of the clock stands in one body: claimed with a lease, tried again after a pause
    that grows, and left until the next day after its last try.

    `error` is the kind of the last error and `place` the line that raised it, both empty while the
    job works; what the error says may name a person and stands in the log of the worker alone.
    """

    job = models.CharField(_("毎日の処理の名前"), max_length=80)
    day = models.DateField(_("最後に試みた日"), null=True)
    attempts = models.PositiveSmallIntegerField(_("試みた回数"), default=0)
    lease_until = models.DateTimeField(_("担当の期限"), null=True)
    next_at = models.DateTimeField(_("次に試す日時"), null=True)
    error = models.CharField(_("失敗の種類"), max_length=80, blank=True)
    place = models.CharField(_("失敗した場所"), max_length=160, blank=True)
    failed_at = models.DateTimeField(_("失敗した日時"), null=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("毎日の処理の状況")
        verbose_name_plural = _("毎日の処理の状況")
        ordering = ["job"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "job"], name="a_job_runs_once_in_a_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.job}"
