"""Reminders (督促): what is due is read from the deadlines of every room, told once per stage, and gathered into mails."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from municipality import ladder as ladders
from municipality.authority import SUBTREE
from municipality.calendars import open_days
from municipality.faults import point
from municipality.ladder import Ladder
from municipality.models import Grant, Hold, LadderVersion, Mail, MailHours, Member, Municipality, Notice
from municipality.models.organisation import after
from municipality.periods import OpenDays
from municipality.rooms import COLUMNS, LEADING, deadlines

from .history import operation, record
from .notices import notice_key, notify, receives, wake
from .sight import in_sight

AT_ONCE = 2000
"""Rows that one statement names or writes; both databases take as many."""


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
    above_id: int | None = 0


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
    led = Q(pk__in=[])
    for role, path in authority.grants:
        led |= Q(d_path__gte=path, d_path__lt=after(path)) if role in SUBTREE else Q(pk__in=[])
    own = Q(d_member=member.pk) & (~Q(d_role=LEADING) | led)
    wanted = own | (Q(d_role="manager") & authority.answers_for)
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
        if due.member_id and due.role == LEADING:
            numbers = self.leading(due.member_id, due.path)
        else:
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

    def leading(self, number: int | None, path: str) -> list[int]:
        """This one person, if they lead the department or one above it."""
        held = [
            at for (role, at), found in self.by_role.items() if role in ("manager", "executive") and number in found
        ]
        return [number] if number is not None and any(path.startswith(at) for at in held) else []

    def above(self, due: Due, stage: int, ladder: Ladder) -> Iterator[tuple[Member, str]]:
        """Who is told beside them and as what: the manager, the office, from the stages on that the ladder names.

        Cumulative, nearest first, and no further than the kind of deadline allows. Where no manager is found the office
        is told in the manager's place.
        """
        furthest, from_office = deadlines()[due.rule].escalates, ladder.office_from
        managers: list[int] = []
        if ladder.manager_from is not None and stage >= ladder.manager_from and furthest != "nobody":
            managers = self.leading(due.above_id, due.path) if due.above_id != 0 else self.nearest("manager", due.path)
            from_office = from_office if managers else ladder.manager_from
        told = [(number, "manager") for number in managers]
        if from_office is not None and stage >= from_office and furthest == "office":
            told += [(number, "office") for number in self.nearest("office", due.path) if number not in managers]
        return ((self.members[number], whom) for number, whom in told if number in self.members)


def ladder_of(municipality: Municipality) -> Ladder:
    """The ladder that holds in the body now: the latest that the office set, else the usual one. One query."""
    row = LadderVersion.objects.of(municipality).first()
    if row is None:
        return ladders.USUAL
    return Ladder(tuple(row.stages), row.manager_from, row.office_from, row.cap, row.version)


def plan_reminders(municipality: Municipality, *, now: datetime) -> int:
    """Write the notices that are due today and not told yet; how many. Nothing on a closed day. Safe to repeat and to
    run twice at once: the key of a notice is unique. More than usual at once are written but held for the office.
    """
    today = timezone.localdate(now)
    calendar = open_days(municipality)
    if not calendar.is_open(today):
        return 0
    planning = Planning(municipality, calendar, now)
    fresh = in_sight(municipality, untold(municipality, planning.told()), today)
    created = _write_new(municipality, fresh, planning.most, now)
    point("reminders.planned")
    return created


class Planning:
    """One look at everything due in a body: who would be told of what, told before or not."""

    def __init__(self, municipality: Municipality, calendar: OpenDays, now: datetime) -> None:
        self.municipality, self.calendar, self.now = municipality, calendar, now
        self.today = timezone.localdate(now)
        self.ladder, self.people = ladder_of(municipality), People(municipality, self.today)

    @property
    def most(self) -> int:
        """More new notices than this are unusual."""
        return self.ladder.most(len(self.people.members))

    def told(self) -> list[Notice]:
        """The notices that say how everything due stands on the day."""
        near = Q(d_due__lte=self.today + timedelta(days=self.ladder.horizon))
        notices: dict[tuple[int, str], Notice] = {}
        for due in due_things(self.municipality, self.today, audience=near):
            came_in_on = None if deadlines()[due.rule].opens_itself else due.opened_on
            stage = ladders.reached(due.due_on, self.today, self.calendar, self.ladder, came_in_on=came_in_on)
            if stage is None:
                continue
            actors = [(member, "") for member in self.people.acting(due)]
            for member, above in [*actors, *self.people.above(due, stage, self.ladder)]:
                notice = self._reminder(member, due, ladders.written(stage), above)
                notices.setdefault((member.pk, notice.key), notice)
        return list(notices.values())

    def _reminder(self, member: Member, due: Due, stage: str, above: str) -> Notice:
        return Notice(
            municipality=self.municipality, member=member, rule=due.rule, object_id=due.object_id, stage=stage,
            due_on=due.due_on, key=notice_key(due.rule, due.object_id, stage, due.due_on), told_at=self.now,
            params={"title": due.title, "note": due.note, "escalated": bool(above), "above": above},
            wants_mail=receives(member, self.municipality), ladder_version=self.ladder.version,
        )  # fmt: skip


def untold(municipality: Municipality, notices: list[Notice]) -> list[Notice]:
    """Those of them that nobody was told before. One query for each AT_ONCE keys."""
    keys = sorted({notice.key for notice in notices})
    known: set[tuple[int, str]] = set()
    for start in range(0, len(keys), AT_ONCE):
        rows = Notice.objects.of(municipality).filter(key__in=keys[start : start + AT_ONCE])
        known.update(rows.values_list("member_id", "key"))
    return [notice for notice in notices if (notice.member_id, notice.key) not in known]


def _write_new(municipality: Municipality, fresh: list[Notice], most: int, now: datetime) -> int:
    plain = [notice for notice in fresh if not notice.params["above"]]
    if len(plain) > most:
        _hold_back(municipality, plain, most, now=now)
        fresh = [notice for notice in fresh if notice.params["above"]]
    before = Notice.objects.count() if fresh else 0
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=AT_ONCE)
    return Notice.objects.count() - before if fresh else 0


@operation
def _hold_back(municipality: Municipality, notices: list[Notice], most: int, *, now: datetime) -> None:
    """Write them out of sight, under the hold that waits; tell the office once that there is one."""
    hold, opened = Hold.objects.get_or_create(
        municipality=municipality, state=Hold.State.WAITING, defaults={"cap": most, "held_at": now}
    )
    for notice in notices:
        notice.hold = hold
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=AT_ONCE)
    if not opened:
        return
    record(None, "reminders.held", hold, municipality=municipality, count=len(notices), cap=most)
    for member in office_of(municipality, timezone.localdate(now)):
        notify(member, "reminders.held", hold, now=now)


def office_of(municipality: Municipality, day: date) -> list[Member]:
    """The active people of the project office on the day."""
    rows = Grant.objects.on(day).filter(municipality=municipality, role=Grant.Role.OFFICE)
    found = Member.objects.filter(pk__in=rows.values("posting__member"))
    return list(found.select_related("user", "municipality").order_by("pk"))


def gather_mails(municipality: Municipality, *, now: datetime, hours: bool = True) -> int:
    """Put each person's notices that wait for mail into one mail of the day; how many mails were made.

    A second round on the same day makes a further mail only for what came after the first was sent. Nobody is written to
    before their hour (unless `hours` is False), on their days off, or while they pause; afterwards of each thing the
    latest stage only. Two planners take turns for a body. The same few queries for any number of people.
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
    for numbers in _portions(passed):
        Notice.objects.filter(pk__in=numbers).update(wants_mail=False)
    made = _mails_for(municipality, sorted(set(wanted.values())), today, now)
    newest = Mail.objects.filter(member=OuterRef("member"), day=today, batch__startswith="day").order_by("-pk")
    for numbers in _portions(list(wanted)):
        Notice.objects.filter(pk__in=numbers, mail=None).update(mail=Subquery(newest.values("pk")[:1]))
    if made:
        wake()
    return made


def _waiting_for_mail(municipality, now: datetime, *, hours: bool) -> tuple[dict[int, int], list[int]]:
    """Notice → person of what is to be mailed now, and the notices that a later stage of the same thing has overtaken."""
    rows = Notice.objects.of(municipality).filter(mail=None, wants_mail=True, hold=None).order_by("pk")
    columns = ("pk", "member_id", "member__user_id", "rule", "object_id", "due_on", "stage", "key")
    found = list(rows.values_list(*columns))
    own = own_hours({row[2] for row in found}) if found else {}
    latest: dict[tuple, int] = {}
    for number, member, user, rule, thing, due_on, stage, key in found:
        if not accepts(own.get(user), now, hours=hours):
            continue
        latest[(member, rule, thing, due_on) if due_on and stage else (member, key)] = number
    people = {row[0]: row[1] for row in found}
    wanted = {number: people[number] for number in latest.values()}
    ready = {row[1] for row in found if accepts(own.get(row[2]), now, hours=hours)}
    return wanted, [row[0] for row in found if row[1] in ready and row[0] not in wanted]


def own_hours(users: set[int | None]) -> dict[int, MailHours]:
    """The hours of those accounts that set some. One query."""
    return {row.user_id: row for row in MailHours.objects.filter(user__in=users - {None})}


def accepts(own: MailHours | None, now: datetime, *, hours: bool = True) -> bool:
    """Does the person take mail at this moment? Days off and a pause hold always, the hour unless `hours` is False."""
    moment = timezone.localtime(now)
    if own is None:
        return True
    if own.paused_until is not None and moment.date() <= own.paused_until:
        return False
    return moment.weekday() not in own.days_off and (not hours or moment.hour >= own.from_hour)


def _mails_for(municipality, members: list[int], today: date, now: datetime) -> int:
    sent_today = Mail.objects.of(municipality).filter(day=today, batch__startswith="day")
    numbers = Counter(sent_today.values_list("member_id", flat=True)) if members else Counter()
    mails = [
        Mail(municipality=municipality, member_id=member, day=today, batch=f"day{numbers[member] + 1}", queued_at=now)
        for member in members
    ]
    Mail.objects.bulk_create(mails, batch_size=AT_ONCE)
    return len(mails)


def _portions(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))
