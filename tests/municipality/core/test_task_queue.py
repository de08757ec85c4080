"""A page wakes a worker by the name of its task: it loads none of what only workers load. Each kind
of work has a queue and a worker of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise

from celery import current_app
from django.conf import settings

from municipality.management.commands.serve import commands

AS_A_PAGE = """
import sys
import config.wsgi
from municipality.core.task_queue import enqueue, wake
assert "municipality.tasks" not in sys.modules
print(enqueue("municipality.tasks.deliver"))
wake("municipality.tasks.take_up")
"""


def test_a_web_process_wakes_a_worker(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / "queue" / name).mkdir(parents=True)
    own = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    for name in ("DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL"):
        own.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", AS_A_PAGE],
        cwd=settings.BASE_DIR,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "True\n", done.stderr
    sent = [path.read_text() for path in (tmp_path / "queue" / "messages").iterdir()]
    assert any("municipality.tasks.deliver" in message for message in sent)
    woken = next(message for message in sent if "municipality.tasks.take_up" in message)
    assert json.loads(woken)["headers"]["expires"], "a worker that was away is woken once, by sweep"


def test_no_two_kinds_of_work_share_a_queue():
    assert {place_of(task) for task in ("tick", "run_body", "deliver", "take_up")} == {
        "clock",
        "bodies",
        "celery",
        "imports",
    }
    served = [
        word.removeprefix("serve-")
        for command in commands("127.0.0.1", 8000).values()
        for flag, word in pairwise(command)
        if flag == "--queues"
    ]
    assert sorted(served) == sorted(settings.CELERY_TASK_QUEUES)


def place_of(task: str) -> str:
    return current_app.amqp.router.route({}, f"municipality.tasks.{task}")["queue"].name
