"""Time limits of a session: idle and absolute. Each body sets both; the strictest of the person's
bodies applies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from municipality.organisation.models import Municipality

SESSION_LIMITS = "lasts"
"""Session key: [idle seconds, absolute seconds] of this sign-in."""


def limits_of(bodies: Iterable[Municipality]) -> list[int]:
    """[idle, absolute] in seconds: the smallest values of the installation and of each body."""
    own = [(body.session_idle_minutes * 60, body.session_absolute_hours * 3600) for body in bodies]
    idle, absolute = zip(
        (settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS), *own, strict=True
    )
    return [min(idle), min(absolute)]


def session_limits(session: Any) -> list[int]:
    """[idle, absolute] of the session, in seconds; never more than the installation allows."""
    kept = session.get(
        SESSION_LIMITS, [settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS]
    )
    return [
        min(kept[0], settings.SESSION_IDLE_SECONDS),
        min(kept[1], settings.SESSION_ABSOLUTE_SECONDS),
    ]


def tighten(session: Any, body: Municipality) -> None:
    """Apply a stricter limit of the body to the session at once; a longer one applies from the next
    sign-in.
    """
    held = session_limits(session)
    wanted = [min(pair) for pair in zip(held, limits_of([body]), strict=True)]
    if session.get(SESSION_LIMITS) != wanted:
        session[SESSION_LIMITS] = wanted


def touch(session: Any, now: float) -> tuple[float, float]:
    """Start and last use of the session (seconds since the epoch); the use is stored once a
    minute.
    """
    started, seen = session.get("started_at", now), session.get("seen_at", now)
    if "started_at" not in session or now - seen > 60:
        session["started_at"], session["seen_at"] = started, now
    return started, seen


def is_lapsed(session: Any, started: float, seen: float, now: float) -> bool:
    """Whether the session was idle too long or is too old."""
    idle, absolute = session_limits(session)
    return now - seen > idle or now - started > absolute


def seconds_left(session: Any, now: float) -> int:
    """Seconds until the session ends when nothing is done from now on."""
    idle, absolute = session_limits(session)
    return max(
        0,
        int(
            min(
                session.get("seen_at", now) + idle - now,
                session.get("started_at", now) + absolute - now,
            )
        ),
    )
