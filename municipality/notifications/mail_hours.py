"""When a person takes mail."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from municipality.notifications.models import MailHours


def own_hours(users: set[int | None]) -> dict[int, MailHours]:
    """The hours of those accounts that set some. One query."""
    return {row.user_id: row for row in MailHours.objects.filter(user__in=users - {None})}


def accepts(own: MailHours | None, now: datetime, *, hours: bool = True) -> bool:
    """Does the person take mail at this moment? Days off and a pause hold always, the hour unless
    `hours` is False. Days off that cannot be read are none: a mail too many is better than none.
    """
    moment = timezone.localtime(now)
    if own is None:
        return True
    if own.paused_until is not None and moment.date() <= own.paused_until:
        return False
    days_off = own.days_off if isinstance(own.days_off, list) else []
    return moment.weekday() not in days_off and (not hours or moment.hour >= own.from_hour)
