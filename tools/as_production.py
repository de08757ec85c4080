"""Run a manage.py command with the environment of a real installation: `python
tools/as_production.py check --deploy`.

The database and the broker named here are never connected to; the keys are made for this one run.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.env import fresh_keys  # noqa: E402


def main(*arguments: str) -> int:
    """Hand over to manage.py."""
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {
            **fresh_keys(),
            "VAR_DIR": var,
            "HTTPS": "1",
            "BASE_URL": "https://telework.example.jp",
            "TRUSTED_PROXY_COUNT": "1",
            "STATIC_COLLECTED": "1",
            "DATABASE_URL": f"postgres://telework:{secrets.token_hex(8)}@db.example.jp/telework",
            "REDIS_URL": "redis://broker.example.jp:6379/0",
            "EMAIL_URL": "smtp+tls://telework:x@mail.example.jp:587",
            "MAIL_FROM": "telework@example.jp",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
