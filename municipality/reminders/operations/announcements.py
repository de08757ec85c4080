"""A notice in the office's own words, to people chosen by department, role, number, or by what they
have not done yet.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.chain import canonical
from municipality.audit.log import operation, record
from municipality.core.batches import AT_ONCE
from municipality.core.refusals import Conflict, require
from municipality.core.registry import deadlines
from municipality.deadlines.kinds import Deadline
from municipality.deadlines.queries import due_things
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import notice_key, receives
from municipality.organisation.models import Department, Member, Municipality, Posting, after
from municipality.organisation.rules import is_office
from municipality.reminders.models import Announcement
from municipality.reminders.recipients import People


@dataclass(frozen=True)
class Audience:
    """Who is meant. Departments hold what is below them. Of departments, roles and rule whoever
    fits all that are named; `people` (rows) are added to them. Nothing named means nobody.
    """

    departments: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    rule: str = ""


def rules_to_ask() -> list[Deadline]:
    """The kinds of things whose late ones the office may know by name: what stays between two
    people is not among them.
    """
    return [deadline for deadline in deadlines().values() if deadline.escalates == "office"]


def members_meant(body: Municipality, audience: Audience, today: date) -> list[Member]:
    """The active people who are meant, by kana. The same few queries for any number."""
    numbers: set[int] | None = None
    if audience.departments or audience.roles:
        numbers = _posted(body, audience, today)
    if audience.rule:
        asked = _with_open(body, audience.rule, today)
        numbers = asked if numbers is None else numbers & asked
    rows = Member.objects.of(body).filter(
        pk__in={*(numbers or ()), *audience.people}, is_active=True
    )
    return list(rows.select_related("user").order_by("kana", "number"))


def _posted(body: Municipality, audience: Audience, today: date) -> set[int]:
    rows = Posting.objects.present(today).filter(municipality=body)
    if audience.departments:
        below = Q(pk__in=[])
        for path in (
            Department.objects.of(body)
            .filter(pk__in=audience.departments)
            .values_list("path", flat=True)
        ):
            below |= Q(department__path__gte=path, department__path__lt=after(path))
        rows = rows.filter(below)
    if audience.roles:
        rows = rows.filter(grants__role__in=audience.roles)
    return set(rows.values_list("member_id", flat=True))


def _with_open(body: Municipality, rule: str, today: date) -> set[int]:
    if rule not in {deadline.rule for deadline in rules_to_ask()}:
        return set()
    things = due_things(body, today, rule=rule)
    people = People(body, today, things)
    return {number for due in things for number in people.acting(due)}


def seal_of(subject: str, text: str, members: list[Member]) -> str:
    """What stands for exactly these words to exactly these people, so that nothing else is sent
    than what was shown.
    """
    shown = canonical([subject, text, sorted(member.pk for member in members)])
    return hashlib.sha256(shown.encode()).hexdigest()


@operation
def announce(
    body: Municipality,
    audience: Audience,
    *,
    subject: str,
    text: str,
    seen: str,
    by: Member,
    now: datetime,
) -> Announcement:
    """Tell everybody who is meant, on screen and with the day's mail. `seen` is the seal
    (`seal_of`) of what was shown.

    Raises Conflict when nobody is meant, or when words or people are others than those shown.
    """
    require(is_office(by))
    members = members_meant(body, audience, timezone.localdate(now))
    if not members or seal_of(subject, text, members) != seen:
        raise Conflict(
            _("宛先が確認したときから変わりました。送っていません。もう一度確認してください。")
        )
    row = Announcement.objects.create(
        municipality=body,
        subject=subject,
        body=text,
        audience=asdict(audience),
        count=len(members),
        sent_by=by,
        sent_at=now,
    )
    shared = {
        "rule": "announcement",
        "object_id": row.pk,
        "key": notice_key("announcement", row.pk),
        "told_at": now,
    }
    notices = [
        Notice(
            municipality=body,
            member=member,
            params={"subject": subject, "body": text},
            wants_mail=receives(member, body),
            **shared,
        )
        for member in members
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=AT_ONCE)
    record(by, "announcement.sent", row, count=len(members))
    return row
