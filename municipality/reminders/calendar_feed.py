"""The personal calendar (iCalendar, RFC 5545): how many things are due on which day. No names, no
titles, no content.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event, vDuration

from municipality.accounts.models import User
from municipality.accounts.operations.sign_in import members_of
from municipality.core.registry import deadlines
from municipality.deadlines.queries import audience_of, due_things
from municipality.organisation.models import Member, authority_on

DAYS_BACK, DAYS_AHEAD = 31, 366

READ_EVERY = timedelta(hours=6)


def calendar_of(user: User, today: date) -> bytes:
    """Everything that waits for the person, one all-day event for each day and body. Two queries
    for each body.

    The same on the same day as long as nothing changed, so that a reader's copy stays good.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//telework rollout//due dates//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("対応の期限"))
    calendar.add("refresh-interval", READ_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_EVERY).to_ical().decode())
    for member in members_of(user):
        for day, kinds in sorted(_by_day(member, today).items()):
            calendar.add_component(_event(member, day, kinds, today))
    return calendar.to_ical()


def _by_day(member: Member, today: date) -> dict[date, Counter[str]]:
    member.authority = authority_on(member, today)
    days: dict[date, Counter[str]] = defaultdict(Counter)
    if not member.authority.posts or member.locked_at is not None:
        return days
    seen = set()
    for due in due_things(member.municipality, today, audience=audience_of(member)):
        same = (due.rule, due.object_id, due.due_on)
        if same not in seen and -DAYS_BACK <= (due.due_on - today).days <= DAYS_AHEAD:
            days[due.due_on][due.rule] += 1
        seen.add(same)
    return days


def _event(member: Member, day: date, kinds: Counter[str], today: date) -> Event:
    count, body = sum(kinds.values()), member.municipality
    event = Event()
    event.add("uid", _name_of(member, day))
    event.add(
        "dtstamp", datetime.combine(today, time(), timezone.get_default_timezone()).astimezone(UTC)
    )
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    words = ngettext("期限 %(count)s件(%(body)s)", "期限 %(count)s件(%(body)s)", count)
    event.add("summary", words % {"count": count, "body": body.name})
    listed = [f"{deadlines()[rule].kind} {number}" for rule, number in sorted(kinds.items())]
    event.add("description", "\n".join(listed))
    event.add("url", f"{settings.BASE_URL}{body.get_absolute_url()}")
    return event


def _name_of(member: Member, day: date) -> str:
    """UID of the person's event of a day in a body: the same whatever is due, and another one in
    each person's calendar, since a team may read several of them in one.
    """
    key = f"{member.municipality_id}:{member.pk}:{day.isoformat()}"
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}"
