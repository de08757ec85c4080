"""A page wakes a worker by the name of its task: it loads none of what only workers load."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

AS_A_PAGE = """
import sys
import config.wsgi
from municipality.core.task_queue import enqueue
assert "municipality.tasks" not in sys.modules
print(enqueue("municipality.tasks.deliver"))
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
    sent = (tmp_path / "queue" / "messages").iterdir()
    assert any("municipality.tasks.deliver" in path.read_text() for path in sent)
