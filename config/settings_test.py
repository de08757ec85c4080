"""Settings of the tests: the real ones, with cheap password hashes, mail kept in memory and
everything below `var/test`.
"""

import os
from pathlib import Path

os.environ.setdefault("VAR_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
# A PostgreSQL of the tests counts as an installation of its own, which must be told its keys.
os.environ.setdefault("PORT", "8000")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("FIELD_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("HISTORY_KEY", "only-for-tests-" + "y" * 40)

from config.settings import *  # noqa: F403
from config.settings import DATABASES, REDIS_URL

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not os.environ.get("EMAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Every test has a database of its own, all of them beside one folder: only the tests of the mark
# set it.
OUTBOX_MARK = None

# Tasks stay real. Without a broker server messages end with the process instead of waking
# somebody's worker.
if not REDIS_URL:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = dict[str, object]()

# A connection that a server's thread keeps would keep the database of the tests from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
