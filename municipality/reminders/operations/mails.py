"""Gathering the notices of a day into one mail a person."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from municipality.core.batches import AT_ONCE, parts
from municipality.core.crash_points import point
from municipality.notifications.mail_hours import accepts, own_hours
from municipality.notifications.models import GATHERED, Mail, Notice
from municipality.notifications.operations.notify import wake_outbox
from municipality.organisation.models import Municipality
from municipality.organisation.open_days import open_days


def gather_mails(municipality: Municipality, *, now: datetime, hours: bool = True) -> int:
    """Put each person's notices that wait for mail into one mail of the day; how many mails were
    made.

    A second round on the same day makes a further mail only for what came after the first was sent.
    Nobody is written to before their hour (unless `hours` is False), on their days off, or while
    they pause; afterwards of each thing the latest stage only. Two planners take turns for a body.
    The same few queries for any number of people.
    """
    today = timezone.localdate(now)
    if not municipality.sending or not open_days(municipality).is_open(today):
        return 0
    made = _gather(municipality, today, now, hours=hours)
    point("mails.gathered")
    return made


@transaction.atomic
def _gather(municipality: Municipality, today: date, now: datetime, *, hours: bool) -> int:
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    wanted, passed = _waiting_for_mail(municipality, now, hours=hours)
    for numbers in parts(passed):
        Notice.objects.filter(pk__in=numbers).update(wants_mail=False)
    made = _mails_for(municipality, sorted(set(wanted.values())), today, now)
    newest = Mail.objects.filter(
        member=OuterRef("member"), day=today, batch__startswith=GATHERED
    ).order_by("-pk")
    for numbers in parts(list(wanted)):
        Notice.objects.filter(pk__in=numbers, mail=None).update(
            mail=Subquery(newest.values("pk")[:1])
        )
    if made:
        wake_outbox()
    return made


def _waiting_for_mail(
    municipality, now: datetime, *, hours: bool
) -> tuple[dict[int, int], list[int]]:
    """Notice → person of what is to be mailed now, and the notices that a later stage of the same
    thing has overtaken.
    """
    rows = (
        Notice.objects.of(municipality).filter(mail=None, wants_mail=True, hold=None).order_by("pk")
    )
    columns = ("pk", "member_id", "member__user_id", "rule", "object_id", "due_on", "stage", "key")
    waiting = list(rows.values_list(*columns))
    own = own_hours({row[2] for row in waiting}) if waiting else {}
    ready = {row[1] for row in waiting if accepts(own.get(row[2]), now, hours=hours)}
    latest: dict[tuple, int] = {}
    for number, member, _user, rule, thing, due_on, stage, key in waiting:
        if member not in ready:
            continue
        latest[(member, rule, thing, due_on) if due_on and stage else (member, key)] = number
    people = {row[0]: row[1] for row in waiting}
    wanted = {number: people[number] for number in latest.values()}
    return wanted, [row[0] for row in waiting if row[1] in ready and row[0] not in wanted]


def _mails_for(municipality, members: list[int], today: date, now: datetime) -> int:
    sent_today = Mail.objects.of(municipality).filter(day=today, batch__startswith=GATHERED)
    numbers = Counter(sent_today.values_list("member_id", flat=True)) if members else Counter()
    mails = [
        Mail(
            municipality=municipality,
            member_id=member,
            day=today,
            batch=f"{GATHERED}{numbers[member] + 1}",
            queued_at=now,
        )
        for member in members
    ]
    Mail.objects.bulk_create(mails, batch_size=AT_ONCE)
    return len(mails)
