"""The Celery application: tasks are found in each app's `tasks` module, settings come from
Django's.
"""

import os
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def tell_the_time_at_once(sender: Any, **_facts: Any) -> None:
    """A scheduler that starts does not wait for its first interval: after an outage what is overdue
    begins now.
    """
    for order in app.conf.beat_schedule.values():
        with suppress(OperationalError):
            app.send_task(order["task"], retry=False, **order["options"])
