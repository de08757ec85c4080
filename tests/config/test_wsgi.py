"""A web worker reads everything before its first request, and keeps it out of garbage
collections.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from django.conf import settings

ASK = """
import gc, json, sys
import config.wsgi
from django.template import engines
loader = engines["django"].engine.template_loaders[0]
print(json.dumps({
    "frozen": gc.get_freeze_count(),
    "left": len(gc.get_objects()),
    "views": "municipality.directory.views.people" in sys.modules,
    "templates": len(loader.get_template_cache),
}))
"""


def test_a_worker_starts_with_everything_read_and_frozen(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(run.stdout)
    pages = len(list((settings.BASE_DIR / "templates").rglob("*.html")))
    assert told["views"] is True
    assert told["templates"] >= pages
    assert told["left"] < told["frozen"] / 20
