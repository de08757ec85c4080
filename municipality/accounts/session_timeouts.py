"""How long a sign-in lasts: it ends when it rested too long or is too old. Each body sets both; the
strictest of one's bodies holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from municipality.organisation.models import Municipality

LASTS = "lasts"
"""Session key: [idle seconds, absolute seconds] of this sign-in."""


def limits_of(bodies: Iterable[Municipality]) -> list[int]:
    """[idle, absolute] in seconds: the least of what the installation and each of the bodies
    allow.
    """
    own = [(body.session_idle_minutes * 60, body.session_absolute_hours * 3600) for body in bodies]
    idle, absolute = zip(
        (settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS), *own, strict=True
    )
    return [min(idle), min(absolute)]


def lasts(session: Any) -> list[int]:
    """[idle, absolute] of the session, in seconds; never more than the installation allows."""
    kept = session.get(LASTS, [settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS])
    return [
        min(kept[0], settings.SESSION_IDLE_SECONDS),
        min(kept[1], settings.SESSION_ABSOLUTE_SECONDS),
    ]


def tighten(session: Any, body: Municipality) -> None:
    """A body that became stricter is obeyed at once; one that became more lenient at the next
    sign-in.
    """
    held = lasts(session)
    wanted = [min(pair) for pair in zip(held, limits_of([body]), strict=True)]
    if session.get(LASTS) != wanted:
        session[LASTS] = wanted


def touch(session: Any, now: float) -> tuple[float, float]:
    """When the session began and was last used; the use is noted once a minute."""
    started, seen = session.get("started_at", now), session.get("seen_at", now)
    if "started_at" not in session or now - seen > 60:
        session["started_at"], session["seen_at"] = started, now
    return started, seen


def is_lapsed(session: Any, started: float, seen: float, now: float) -> bool:
    """Did it rest too long, or is it too old?"""
    idle, absolute = lasts(session)
    return now - seen > idle or now - started > absolute


def seconds_left(session: Any, now: float) -> int:
    """How long the sign-in still lasts when nothing is done from now on."""
    idle, absolute = lasts(session)
    return max(
        0,
        int(
            min(
                session.get("seen_at", now) + idle - now,
                session.get("started_at", now) + absolute - now,
            )
        ),
    )
