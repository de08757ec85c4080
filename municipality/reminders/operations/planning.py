"""Reminders (督促): what is due is read from the deadlines of every room, told once per stage, and
gathered into mails.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from municipality.audit.log import operation, record
from municipality.core.batches import AT_ONCE, parts
from municipality.core.crash_points import point
from municipality.core.periods import OpenDays
from municipality.core.registry import deadlines
from municipality.deadlines.queries import Due, due_things
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import notice_key, notify, receives
from municipality.organisation.models import Grant, Member, Municipality
from municipality.organisation.open_days import open_days
from municipality.reminders import schedule as ladders
from municipality.reminders.escalation_visibility import in_sight
from municipality.reminders.models import Hold, LadderVersion
from municipality.reminders.recipients import People
from municipality.reminders.schedule import Ladder

"""Rows that one statement names or writes; both databases take as many."""


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
    Safe to repeat and to run twice at once: the key of a notice is unique. More than usual at once
    are written but held for the office.
    """
    today = timezone.localdate(now)
    calendar = open_days(municipality)
    if not calendar.is_open(today):
        return 0
    planning = ReminderPlan(municipality, calendar, now)
    fresh = in_sight(municipality, untold(municipality, planning.told()), today)
    created = _write_new(municipality, fresh, planning.most, now)
    point("reminders.planned")
    return created


class ReminderPlan:
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
            stage = ladders.reached(
                due.due_on, self.today, self.calendar, self.ladder, came_in_on=came_in_on
            )
            if stage is None:
                continue
            actors = [(member, "") for member in self.people.acting(due)]
            for member, above in [*actors, *self.people.above(due, stage, self.ladder)]:
                notice = self._reminder(member, due, ladders.written(stage), above)
                notices.setdefault((member.pk, notice.key), notice)
        return list(notices.values())

    def _reminder(self, member: Member, due: Due, stage: str, above: str) -> Notice:
        return Notice(
            municipality=self.municipality,
            member=member,
            rule=due.rule,
            object_id=due.object_id,
            stage=stage,
            due_on=due.due_on,
            key=notice_key(due.rule, due.object_id, stage, due.due_on),
            told_at=self.now,
            params={"title": due.title, "note": due.note, "escalated": bool(above), "above": above},
            wants_mail=receives(member, self.municipality),
            ladder_version=self.ladder.version,
        )


def untold(municipality: Municipality, notices: list[Notice]) -> list[Notice]:
    """Those of them that nobody was told before. One query for each AT_ONCE keys."""
    keys = sorted({notice.key for notice in notices})
    known: set[tuple[int, str]] = set()
    for part in parts(keys):
        rows = Notice.objects.of(municipality).filter(key__in=part)
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
    for member in office_of(municipality, timezone.localdate(now)):
        notify(member, "reminders.held", hold, now=now)


def office_of(municipality: Municipality, day: date) -> list[Member]:
    """The active people of the project office on the day."""
    rows = Grant.objects.on(day).filter(municipality=municipality, role=Grant.Role.OFFICE)
    found = Member.objects.filter(pk__in=rows.values("posting__member"))
    return list(found.select_related("user", "municipality").order_by("pk"))
