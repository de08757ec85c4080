"""The secret address of a person's calendar: made, made anew, ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from municipality.accounts.models import User
from municipality.accounts.operations.sign_in import record_of
from municipality.audit.log import operation
from municipality.reminders.models import CalendarFeed


def digest_of(token: str) -> str:
    """How a secret is kept: SHA-256. It is long and random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@operation
def make_feed(user: User, *, now: datetime) -> str:
    """Make a new secret for the person's calendar; an earlier one is void from now on. It is
    returned once and kept nowhere.
    """
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": digest_of(token), "made_at": now}
    )
    record_of(user, "feed.made")
    return token


@operation
def end_feed(user: User) -> None:
    """End the secret address of the person's calendar."""
    if CalendarFeed.objects.filter(user=user).delete()[0]:
        record_of(user, "feed.ended")


def user_of(token: str) -> User | None:
    """Whose secret it is, while the account is in use. One query."""
    feed = (
        CalendarFeed.objects.filter(digest=digest_of(token), user__is_active=True)
        .select_related("user")
        .first()
    )
    return feed.user if feed else None
