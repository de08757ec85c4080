"""Is it alive, and can it work? For watchers, not for people: components are named, nothing else is told."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipality.models import Mail, Pulse

BROKER_SECONDS = 0.3
MAIL_MINUTES = 15
"""A mail that could have gone out and has waited longer than this is a backlog."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It touches neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every component works, else 503 with the names of those that do not."""
    failing = [name for name, works in CHECKS.items() if not _holds(works)]
    return JsonResponse({"ready": not failing, "failing": failing}, status=503 if failing else 200)


def _holds(works: Callable[[], bool]) -> bool:
    try:
        return works()
    except Exception:  # noqa: BLE001 - whatever it raises, the component does not work
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache() -> bool:
    mark = secrets.token_hex(8)
    cache.set("readyz", mark, 60)
    return cache.get("readyz") is not None


def _broker() -> bool:
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_SECONDS)
        return bool(broker.connected)


def _pulse(name: str, seconds: float) -> bool:
    """Did this part show life within two of its intervals?"""
    return Pulse.objects.filter(name=name, at__gte=timezone.now() - timedelta(seconds=2 * seconds)).exists()


def _mails() -> bool:
    late = timezone.now() - timedelta(minutes=MAIL_MINUTES)
    waiting = Mail.objects.filter(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED], queued_at__lt=late)
    return not waiting.exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "cache": _cache,
    "broker": _broker,
    "scheduler": lambda: _pulse("scheduler", settings.TICK_SECONDS),
    "worker": lambda: _pulse("worker", settings.SWEEP_SECONDS),
    "mail": _mails,
}
