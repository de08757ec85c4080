"""Reminders (督促): what is due is read from the deadlines of all apps, told once per stage, and
gathered into mails.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from municipality.audit.log import operation, record
from municipality.audit.models import Chain
from municipality.clock.operations.guarded import each_guarded
from municipality.clock.operations.jobs import forget, name_of, note_failure, resting
from municipality.core.batches import AT_ONCE, parts
from municipality.core.crash_points import point
from municipality.core.registry import deadlines
from municipality.deadlines.queries import Due, due_things
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import notice_key, notify, receives
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Grant, Member, Municipality
from municipality.organisation.open_days import OpenDays, open_days
from municipality.reminders import schedule as ladders
from municipality.reminders.escalation_visibility import in_sight
from municipality.reminders.models import Hold, LadderVersion
from municipality.reminders.recipients import People
from municipality.reminders.schedule import Ladder

logger = logging.getLogger(__name__)

PREFIX = "reminders.plan "
"""Begins the name of a thing whose reminder fails, among the troubled jobs."""

LOOKED_SECONDS = 10 * 60
"""After so long a body is planned anew even when its history says that nothing has happened."""


def ladder_of(municipality: Municipality) -> Ladder:
    """The ladder that holds in the body now: the latest that the office set, else the usual one.
    One query.
    """
    row = LadderVersion.objects.of(municipality).first()
    if row is None:
        return ladders.USUAL
    return Ladder(tuple(row.stages), row.manager_from, row.office_from, row.cap, row.version)


def plan_reminders(municipality: Municipality, *, now: datetime) -> int:
    """Write the notices that are due today and not told yet; how many. Nothing on a closed day.
    Safe to repeat and to run twice at once: planners of a body take turns at writing. More than
    usual at once are written but held for the office. On a closed day too the failures of things
    that are gone are cleared; one query when there is none.
    """
    calendar = open_days(municipality)
    if not calendar.is_open(timezone.localdate(now)):
        if resting(municipality, PREFIX, now):
            ReminderPlan(municipality, calendar, now).things()
        return 0
    planning = ReminderPlan(municipality, calendar, now)
    reminders = planning.reminders()
    created = _write_new(planning, reminders) if reminders else 0
    point("reminders.planned")
    return created


def plan_if_changed(municipality: Municipality, *, now: datetime) -> int:
    """Plan as `plan_reminders` does, unless nothing has happened in the body since it was planned
    on the same day: what is due, and from whom, changes with the day or leaves a line in the
    history. Two queries when nothing has. What changes without a line is seen LOOKED_SECONDS later
    at the latest.
    """
    known = f"reminders:planned:{municipality.pk}"
    head = Chain.objects.filter(municipality=municipality).values_list("head", flat=True)
    state = f"{timezone.localdate(now)} {head.first()}"
    if cache.get(known) == state:
        return 0
    created = plan_reminders(municipality, now=now)
    if not resting(municipality, PREFIX, now):
        cache.set(known, state, LOOKED_SECONDS)
    return created


class Reminder(NamedTuple):
    """That one person is told of one thing at a stage; `above` says as what, beside whoever is to
    act (empty: they are).
    """

    member_id: int
    key: str
    stage: str
    above: str
    due: Due


def _job_name(due: Due) -> str:
    """The name of a thing among the troubled jobs, where JobRun keeps it: never to be changed."""
    return name_of(f"{PREFIX}{due.rule} {due.object_id}")


class ReminderPlan:
    """One look at everything due in a body: who would be told of what, told before or not."""

    def __init__(self, municipality: Municipality, calendar: OpenDays, now: datetime) -> None:
        self.municipality, self.calendar, self.now = municipality, calendar, now
        self.today, self.ladder = timezone.localdate(now), ladder_of(municipality)
        self.stages: dict[tuple[date, date | None], int | None] = {}
        self.unknown: set[tuple[str, int]] = set()
        """Things, by rule and number, of which it cannot be said now who is to be told."""
        self.unread: set[str] = set()
        """Kinds of which it cannot be said now what is due."""

    def reminders(self) -> list[Reminder]:
        """What is to be told of everything due, as it stands on the day. A thing that fails stands
        among the troubled jobs and is left out. Three queries, two when nothing is due.
        """
        things, failed = self.things()
        if not things:
            return []
        people = People(self.municipality, self.today, things)
        reminders: dict[tuple[int, str], Reminder] = {}
        for due in things:
            for reminder in self._of_one(due, people, failed):
                reminders.setdefault((reminder.member_id, reminder.key), reminder)
        if works := [name for name, rests in failed.items() if not rests]:
            forget(self.municipality, works)
        return list(reminders.values())

    def things(self) -> tuple[list[Due], dict[str, bool]]:
        """Everything due by now, and the things among it that failed before, as `resting` names
        them. Failures of things that are gone are cleared, even when nothing is due.
        """
        things, whole = self._due()
        failed = resting(self.municipality, PREFIX, self.now)
        due = {_job_name(thing) for thing in things} if failed else set()
        if whole and (gone := failed.keys() - due):
            forget(self.municipality, gone)
        return things, {name: rests for name, rests in failed.items() if name in due}

    def _due(self) -> tuple[list[Due], bool]:
        """Everything due by now, and whether of every kind. One query; where it fails, one for each
        kind that does not rest, so that a kind that cannot be read silences no other.
        """
        near = Q(d_due__lte=self.today + timedelta(days=self.ladder.horizon))
        try:
            return due_things(self.municipality, self.today, audience=near), True
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # whatever is wrong with one kind, it is noted for that kind
            logger.exception("what is due in %s", self.municipality.pk)
        things: list[Due] = []

        def read(rule: str) -> int:
            things.extend(due_things(self.municipality, self.today, audience=near, rule=rule))
            self.unread.discard(rule)
            return 0

        rules = {rule: rule for rule in deadlines()}
        self.unread.update(rules)
        each_guarded(self.municipality, f"{PREFIX}rule ", rules, read, now=self.now)
        return things, False

    def _of_one(self, due: Due, people: People, failed: dict[str, bool]) -> list[Reminder]:
        """What is to be told of one thing; nothing while it rests after a failure, or when it fails
        now.
        """
        name, thing = _job_name(due), (due.rule, due.object_id)
        if failed.get(name):
            self.unknown.add(thing)
            return []
        try:
            return list(self._of(due, people))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are told
            note_failure(self.municipality, name, error, now=self.now)
            failed.pop(name, None)
            self.unknown.add(thing)
            return []

    def _of(self, due: Due, people: People) -> Iterator[Reminder]:
        stage = self._stage(due)
        if stage is None:
            return
        said = ladders.written(stage)
        key = notice_key(due.rule, due.object_id, said, due.due_on)
        for number in people.acting(due):
            yield Reminder(number, key, said, "", due)
        for number, above in people.above(due, stage, self.ladder):
            yield Reminder(number, key, said, above, due)

    def _stage(self, due: Due) -> int | None:
        """The stage that the thing has reached. Many are due on the same day, which is counted
        once.
        """
        came_in_on = None if deadlines()[due.rule].opens_itself else due.opened_on
        if (due.due_on, came_in_on) not in self.stages:
            self.stages[due.due_on, came_in_on] = ladders.reached(
                due.due_on, self.today, self.calendar, self.ladder, came_in_on=came_in_on
            )
        return self.stages[due.due_on, came_in_on]

    def notices(self, reminders: list[Reminder]) -> list[Notice]:
        """The reminders as notices, without those to people who are not active. One query for each
        AT_ONCE people.
        """
        members = self._members(sorted({reminder.member_id for reminder in reminders}))
        return [
            self._notice(members[reminder.member_id], reminder)
            for reminder in reminders
            if reminder.member_id in members
        ]

    def _members(self, numbers: list[int]) -> dict[int, Member]:
        members: dict[int, Member] = {}
        for part in parts(numbers):
            rows = Member.objects.of(self.municipality).filter(pk__in=part, is_active=True)
            members |= {member.pk: member for member in rows}
        return members

    def _notice(self, member: Member, reminder: Reminder) -> Notice:
        due, above = reminder.due, reminder.above
        notice = Notice(
            municipality_id=self.municipality.pk,
            member_id=member.pk,
            rule=due.rule,
            object_id=due.object_id,
            stage=reminder.stage,
            due_on=due.due_on,
            key=reminder.key,
            told_at=self.now,
            params=self._params(due, above),
            wants_mail=receives(member, self.municipality),
            ladder_version=self.ladder.version,
        )
        if above:
            notice.member = member  # asked for by `in_sight`; setting it for all costs too much
        return notice

    @staticmethod
    def _params(due: Due, above: str) -> dict[str, Any]:
        """What is kept for the wording; no name of a person in a personal matter."""
        note = "" if deadlines()[due.rule].note_names_person else due.note
        return {"title": due.title, "note": note, "escalated": bool(above), "above": above}

    def most(self, wanted: int) -> int:
        """More new notices than this are unusual. The people are counted only where so many are
        wanted that it matters.
        """
        if self.ladder.cap is not None or wanted <= self.ladder.most(0):
            return self.ladder.most(0)
        return self.ladder.most(Member.objects.of(self.municipality).filter(is_active=True).count())


def untold(municipality: Municipality, reminders: list[Reminder]) -> list[Reminder]:
    """Those of them that nobody was told before. One query for each rule and AT_ONCE things."""
    asked: dict[str, set[int]] = defaultdict(set)
    for reminder in reminders:
        asked[reminder.due.rule].add(reminder.due.object_id)
    stages = sorted({reminder.stage for reminder in reminders})
    known: set[tuple[int, str]] = set()
    for rule, numbers in asked.items():
        for part in parts(sorted(numbers)):
            rows = Notice.objects.filter(
                municipality=municipality, rule=rule, object_id__in=part, stage__in=stages
            )
            known.update(rows.order_by().values_list("member_id", "key"))
    return [reminder for reminder in reminders if reminder[:2] not in known]


@transaction.atomic
def _write_new(planning: ReminderPlan, reminders: list[Reminder]) -> int:
    """Write what was not told before; how many. What is asked under the body's lock is what is
    written.
    """
    body = planning.municipality
    Municipality.objects.select_for_update(no_key=True).get(pk=body.pk)
    notices = planning.notices(untold(body, reminders))
    fresh = in_sight(body, notices, planning.today)
    plain = [notice for notice in fresh if not notice.params["above"]]
    if plain and len(plain) > (most := planning.most(len(plain))):
        _hold_back(body, plain, most, now=planning.now)
        fresh = [notice for notice in fresh if notice.params["above"]]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=AT_ONCE)
    return len(fresh)


@operation
def _hold_back(
    municipality: Municipality, notices: list[Notice], most: int, *, now: datetime
) -> None:
    """Write them out of sight, under the hold that waits; tell the office once that there is
    one.
    """
    hold, opened = Hold.objects.get_or_create(
        municipality=municipality, state=Hold.State.WAITING, defaults={"cap": most, "held_at": now}
    )
    for notice in notices:
        notice.hold = hold
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=AT_ONCE)
    if not opened:
        return
    record(None, "reminders.held", hold, municipality=municipality, count=len(notices), cap=most)
    office = role_holders(Grant.Role.OFFICE, municipality, timezone.localdate(now))
    for member in office.select_related("user", "municipality").order_by("pk"):
        notify(member, "reminders.held", hold, now=now)
