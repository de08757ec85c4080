"""The Celery application: tasks are found in each app's `tasks` module, settings come from
Django's.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_folders(source: Any, **_arguments: Any) -> None:
    """Make the folders in which celery keeps files: the scheduler's last times
    and, without a broker server, the messages.
    """
    options = source["broker_transport_options"]
    kept = ("data_folder_in", "data_folder_out", "control_folder")
    wanted = [Path(options[name]) for name in kept if name in options]
    for place in (Path(source["beat_schedule_filename"]).parent, *wanted):
        # One by one: mkdir(parents=True) leaves the folders above open to everybody.
        for folder in (*reversed(place.parents), place):
            folder.mkdir(mode=0o700, exist_ok=True)


@beat_init.connect
def tell_the_time_at_once(sender: Any, **_arguments: Any) -> None:
    """Tick when the scheduler starts, before its first interval is over: after an outage what is
    overdue begins now.
    """
    for order in app.conf.beat_schedule.values():
        with suppress(OperationalError):
            app.send_task(order["task"], retry=False, **order["options"])
