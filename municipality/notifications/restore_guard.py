"""A database that came back from a backup knows less than what was already sent: it sends nothing
until that is confirmed.

Beside the database, below VAR_DIR, stands the number of the newest mail that this machine has sent.
A database that never sent that mail is older than it. A machine that never sent anything cannot
know; whoever restores elsewhere takes VAR_DIR along.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from django.conf import settings

from municipality.notifications.models import Mail


def newest_sent() -> int:
    """The number of the newest mail that the database knows as sent; 0 without one."""
    return (
        Mail.objects.filter(state=Mail.State.SENT)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
        or 0
    )


def marked() -> int:
    """The number of the newest mail that this machine has sent, as the mark beside the database
    says; 0 without a mark.
    """
    try:
        return int(_mark().read_text()) if settings.OUTBOX_MARK else 0
    except (FileNotFoundError, ValueError):
        return 0


def is_restored() -> bool:
    """Was more sent than the database knows of? One query, and none where nothing was ever sent."""
    known = marked()
    return known > 0 and newest_sent() < known


def note_sent(number: int) -> None:
    """Set the mark after a mail was sent and marked so. It only grows; written aside and put in
    place in one move.
    """
    if not settings.OUTBOX_MARK or number <= marked():
        return
    _write(number)


def confirm() -> None:
    """Take the database as it is: from now on it sends again."""
    if settings.OUTBOX_MARK:
        _write(newest_sent())


def _write(number: int) -> None:
    _mark().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _mark().with_suffix(f".{os.getpid()}-{threading.get_ident()}")  # two may write at once
    draft.write_text(f"{number}\n")
    draft.replace(_mark())


def _mark() -> Path:
    return Path(str(settings.OUTBOX_MARK))
