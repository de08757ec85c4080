"""動作状況: state of the parts of the installation, their last sign of life, and the effect of a
failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.clock.models import JobRun
from municipality.notifications.models import Mail
from municipality.organisation.models import Municipality
from municipality.setup.models import Pulse

BROKER_SECONDS = 0.3

MAIL_MINUTES = 15
"""A mail that could have gone out and has waited longer than this is a backlog."""


@dataclass(frozen=True)
class Situation:
    """What a part is judged by: the moment, when each process last showed life, and the body whose
    jobs count; those of every body where it is None.
    """

    now: datetime
    marks: dict[str, datetime]
    body: Municipality | None = None


@dataclass(frozen=True)
class SystemPart:
    """A part of the installation: its name for monitoring and for people, its check, and the effect
    of its failure. One that is `of_bodies` fails for some of them while the installation works.
    """

    name: str
    label: Any
    works: Callable[[Situation], bool]
    effect: Any
    of_bodies: bool = False


@dataclass(frozen=True)
class PartStatus:
    """Result of a check: working or not, and the last sign of life where the part leaves one."""

    part: SystemPart
    works: bool
    last_at: datetime | None


def look(now: datetime, *, body: Municipality | None = None) -> list[PartStatus]:
    """State of every part now, with the failing jobs of the body, or of all bodies. A part whose
    check fails counts as not working.
    """
    try:
        marks = dict(Pulse.objects.values_list("name", "at"))
    except Exception:  # noqa: BLE001 - without a database there are no marks, and its own part says why
        marks = {}
    situation = Situation(now, marks, body)
    return [PartStatus(part, _works(part, situation), marks.get(part.name)) for part in PARTS]


def failing(now: datetime) -> tuple[list[str], list[str]]:
    """Names of the parts that do not work, and of those that do not for some body."""
    parts = [seen.part for seen in look(now) if not seen.works]
    return (
        [part.name for part in parts if not part.of_bodies],
        [part.name for part in parts if part.of_bodies],
    )


def silent_pulses(now: datetime) -> QuerySet[Pulse]:
    """Scheduler and workers without a sign of life for two of their intervals, if they ever ran."""
    late = Q()
    for name, seconds in intervals().items():
        late |= Q(name=name, at__lt=now - timedelta(seconds=2 * seconds))
    return Pulse.objects.filter(late)


def backlog(now: datetime) -> QuerySet[Mail]:
    """Mails that should have been sent by now, of all bodies, because these share one
    worker and one mail server.
    """
    late = now - timedelta(minutes=MAIL_MINUTES)
    return Mail.objects.filter(
        state__in=[Mail.State.QUEUED, Mail.State.CLAIMED], queued_at__lt=late
    )


def intervals() -> dict[str, float]:
    """Interval between the signs of life of each process, in seconds."""
    return {
        "scheduler": settings.TICK_SECONDS,
        "worker": settings.SWEEP_SECONDS,
        "bodies": settings.TICK_SECONDS,
        "imports": settings.CELERY_TASK_TIME_LIMIT,  # silent while it works at a large file
    }


def _works(part: SystemPart, situation: Situation) -> bool:
    try:
        return part.works(situation)
    except Exception:  # noqa: BLE001 - whatever it raises, the part does not work
        return False


def _database(_situation: Situation) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache(_situation: Situation) -> bool:
    cache.get("readyz")  # raises when its table is not there
    return True


def _broker(_situation: Situation) -> bool:
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(
            max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_SECONDS
        )
        return bool(broker.connected)


def _alive(name: str) -> Callable[[Situation], bool]:
    def works(situation: Situation) -> bool:
        late = timedelta(seconds=2 * intervals()[name])
        mark = situation.marks.get(name)
        return mark is not None and abs(situation.now - mark) <= late  # also not ahead of the clock

    return works


def _bodies_served(situation: Situation) -> bool:
    """Without a body there is nothing to do, and no sign of life. On the page of a body there is
    one.
    """
    if _alive("bodies")(situation):
        return True
    return situation.body is None and not Municipality.objects.exists()


def _no_mail_refused(situation: Situation) -> bool:
    mails = Mail.objects.of(situation.body) if situation.body else Mail.objects.all()
    return not mails.filter(state=Mail.State.REFUSED).exists()


def _jobs(situation: Situation) -> bool:
    runs = JobRun.objects.of(situation.body) if situation.body else JobRun.objects.all()
    return not runs.troubled().exists()


PARTS = (
    SystemPart(
        "database",
        _("データベース"),
        _database,
        _("届かない間は、画面を開けません。戻ると、そのまま使えます。"),
    ),
    SystemPart(
        "cache",
        _("ログインの回数の記録"),
        _cache,
        _("届かない間は、ログインできません。"),
    ),
    SystemPart(
        "broker",
        _("処理の受付"),
        _broker,
        _("届かない間も、画面は使えます。メールは、見回りのときに送ります。"),
    ),
    SystemPart(
        "scheduler",
        pgettext_lazy("動作", "定期処理"),
        _alive("scheduler"),
        _(
            "止まっている間は、督促や日ごとの処理が行われません。動き出すと、抜けた分を取り戻します。"
        ),
    ),
    SystemPart(
        "worker",
        pgettext_lazy("動作", "送信処理"),
        _alive("worker"),
        _("止まっている間は、メールが出ません。動き出すと、たまった分を送ります。"),
    ),
    SystemPart(
        "bodies",
        pgettext_lazy("動作", "団体ごとの処理"),
        _bodies_served,
        _("止まっている間は、毎日の処理と督促が始まりません。動き出すと、抜けた分を取り戻します。"),
    ),
    SystemPart(
        "imports",
        pgettext_lazy("動作", "取込み処理"),
        _alive("imports"),
        _(
            "止まっている間は、大きなファイルを取り込めません。動き出すと、待っている分を取り込みます。"
        ),
    ),
    SystemPart(
        "mail",
        pgettext_lazy("動作", "メール"),
        lambda situation: not backlog(situation.now).exists(),
        _("15分以上待っているメールがある間は、「停止」になります。通知は画面に出ています。"),
    ),
    SystemPart(
        "jobs",
        _("この団体の毎日の処理"),
        _jobs,
        _("失敗した処理は、間隔を空けて、また行います。ほかの処理は続いています。"),
        of_bodies=True,
    ),
    SystemPart(
        "refused_mails",
        _("この団体のメールの宛先"),
        _no_mail_refused,
        _(
            "送れなかったメールがある間は、「停止」になります。「メール」の画面で理由を確かめ、送り直すか、宛先を直してください。"
        ),
        of_bodies=True,
    ),
)
