"""The hours and days at which a person takes mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from municipality.accounts.models import User
from municipality.accounts.operations.sign_in import record_of
from municipality.audit.log import operation
from municipality.notifications.models import MailHours


@operation
def set_mail_hours(
    user: User, *, from_hour: int, days_off: list[int], paused_until: date | None
) -> MailHours:
    """Set when the person takes mail. Nothing is lost by it: on screen all is told at once, the
    mail follows.
    """
    values: dict[str, Any] = {
        "from_hour": from_hour,
        "days_off": days_off,
        "paused_until": paused_until,
    }
    row, _created = MailHours.objects.update_or_create(user=user, defaults=values)
    record_of(user, "hours.set", **values)
    return row
