"""Reminders (督促): what is due is read from the deadlines of every room, told once per stage, and gathered into mails."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from municipality import ladder
from municipality.calendars import open_days
from municipality.faults import point
from municipality.models import Grant, Mail, Member, Municipality, Notice
from municipality.rooms import COLUMNS, deadlines

from .notices import notice_key, wake

HORIZON_DAYS = 30


@dataclass(frozen=True)
class Due:
    """One thing that is due: columns of the deadlines, in their order."""

    rule: str
    object_id: int
    member_id: int
    path: str
    role: str
    due_on: date
    opened_on: date
    title: str
    note: str


def due_things(municipality: Municipality, today: date, *, audience: Q | None = None, rule: str = "") -> list[Due]:
    """Everything that waits to be done in the body, of all kinds, in one query, ordered by due date."""
    parts = []
    for deadline in deadlines().values():
        if rule and deadline.rule != rule:
            continue
        rows = deadline.waiting(municipality, today)
        rows = rows.filter(audience) if audience is not None else rows
        parts.append(rows.order_by().values_list(*COLUMNS))
    if not parts:
        return []
    union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [Due(*row) for row in union.order_by("d_due", "d_rule", "d_object")]


def audience_of(member: Member) -> Q:
    """The filter on a deadline's columns that leaves what this member has to do."""
    authority = member.authority
    wanted = Q(d_member=member.pk) | (Q(d_role="manager") & authority.answers_for)
    whole = sorted(authority.roles - {"manager", "executive", "staff"})
    return wanted | Q(d_role__in=whole) if whole else wanted


class People:
    """Who is to act on what is due, resolved in bulk for one body and day: two queries, however many things are due."""

    def __init__(self, municipality: Municipality, day: date) -> None:
        self.members: dict[int, Member] = {
            member.pk: member
            for member in Member.objects.of(municipality).filter(is_active=True).select_related("user", "municipality")
        }
        self.by_role: dict[tuple[str, str], list[int]] = defaultdict(list)
        grants = Grant.objects.on(day).filter(municipality=municipality)
        for role, path, member_id in grants.values_list("role", "posting__department__path", "posting__member"):
            self.by_role[role, path].append(member_id)

    def acting(self, due: Due) -> list[Member]:
        """Who is to do it: the person named, or those who hold the role nearest to the department."""
        numbers = [due.member_id] if due.member_id else self.nearest(due.role, due.path)
        return [self.members[number] for number in numbers if number in self.members]

    def nearest(self, role: str, path: str) -> list[int]:
        """Holders of the role in the department, else in the next one above that has any."""
        if role not in ("manager", "executive"):
            return sorted({n for (held, _path), found in self.by_role.items() if held == role for n in found})
        while path.count("/") > 1:
            if found := self.by_role.get((role, path)):
                return sorted(set(found))
            path = path[: path.rstrip("/").rfind("/") + 1]
        return []

    def above(self, due: Due, stage: int) -> list[Member]:
        """Who is told beside them: the manager from +3 on, the office from +5 on (from +3 where there is no manager).

        Cumulative, nearest first, and no further than the kind of deadline allows.
        """
        furthest, numbers = deadlines()[due.rule].escalates, []
        if stage >= ladder.ESCALATES_TO_MANAGER and furthest != "nobody":
            numbers += self.nearest("manager", due.path)
        late = stage >= ladder.ESCALATES_TO_OFFICE or (stage >= ladder.ESCALATES_TO_MANAGER and not numbers)
        if late and furthest == "office":
            numbers += self.nearest("office", due.path)
        return [self.members[number] for number in dict.fromkeys(numbers) if number in self.members]


def plan_reminders(municipality: Municipality, *, now: datetime) -> int:
    """Write the notices that are due today and not told yet; how many. Nothing on a closed day. Safe to repeat and to
    run twice at once: the key of a notice is unique.
    """
    today = timezone.localdate(now)
    calendar = open_days(municipality)
    if not calendar.is_open(today):
        return 0
    near = Q(d_due__lte=today + timedelta(days=HORIZON_DAYS))
    told = _told_today(municipality, due_things(municipality, today, audience=near), calendar, today, now)
    created = _write_new(municipality, told)
    point("reminders.planned")
    return created


def _told_today(municipality, things: list[Due], calendar, today: date, now: datetime) -> list[Notice]:
    people = People(municipality, today)
    notices: dict[tuple[int, str], Notice] = {}
    for due in things:
        stage = ladder.reached(due.due_on, today, calendar)
        if stage is None:
            continue
        actors = people.acting(due)
        for member in [*actors, *people.above(due, stage)]:
            notice = _reminder(municipality, member, due, ladder.written(stage), now, escalated=member not in actors)
            notices.setdefault((member.pk, notice.key), notice)
    return list(notices.values())


def _reminder(municipality, member: Member, due: Due, stage: str, now: datetime, *, escalated: bool) -> Notice:
    return Notice(
        municipality=municipality,
        member=member,
        rule=due.rule,
        object_id=due.object_id,
        stage=stage,
        due_on=due.due_on,
        key=notice_key(due.rule, due.object_id, stage, due.due_on),
        told_at=now,
        params={"title": due.title, "note": due.note, "escalated": escalated},
        wants_mail=bool(member.mail) and municipality.sending,
    )


def _write_new(municipality, notices: list[Notice]) -> int:
    rules = {notice.rule for notice in notices}
    known = set(Notice.objects.of(municipality).filter(rule__in=rules, stage__gt="").values_list("member_id", "key"))
    fresh = [notice for notice in notices if (notice.member_id, notice.key) not in known]
    before = Notice.objects.count() if fresh else 0
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return Notice.objects.count() - before if fresh else 0


def gather_mails(municipality: Municipality, *, now: datetime) -> int:
    """Put each person's notices that wait for mail into one mail of the day; how many mails were made.

    A second round on the same day makes a further mail only for what came after the first was sent.
    """
    today = timezone.localdate(now)
    if not municipality.sending or not open_days(municipality).is_open(today):
        return 0
    waiting = Notice.objects.of(municipality).filter(mail=None, wants_mail=True)
    made = sum(
        _gather_for(member_id, municipality, today, now)
        for member_id in sorted(set(waiting.values_list("member", flat=True)))
    )
    point("mails.gathered")
    return made


@transaction.atomic
def _gather_for(member_id: int, municipality: Municipality, today: date, now: datetime) -> int:
    Member.objects.select_for_update().get(pk=member_id)  # two planners take turns for one person
    notices = Notice.objects.filter(member=member_id, mail=None, wants_mail=True)
    if not notices.exists():
        return 0
    batch = 1 + Mail.objects.filter(member=member_id, day=today, batch__startswith="day").count()
    mail = Mail.objects.create(
        municipality=municipality, member_id=member_id, day=today, batch=f"day{batch}", queued_at=now
    )
    notices.update(mail=mail)
    wake()
    return 1
