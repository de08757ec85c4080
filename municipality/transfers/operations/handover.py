"""人事異動: on the day, what is pending passes from one holder to the next, once, and everybody
concerned is told.

What passes is what differs between the people as the last hand-over left them and the people of
today; so an outage, a change that was entered late and a second scheduler all come to the same.
Each kind of work is one transaction.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Count, F, Max, Sum
from django.utils import timezone

from municipality.audit.log import operation, record
from municipality.clock.operations.guarded import Guarded, each_guarded
from municipality.core.registry import HandOver, Passing, hand_overs
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import DepartmentVersion, Grant, Member, Municipality, Posting
from municipality.organisation.staff_on import Roster, StaffChange, roster_from, roster_on
from municipality.transfers.models import Passed, Roll, Transfer

PREFIX = "municipality.hand_over "
"""Begins the name of a kind of work whose hand-over fails, among the troubled jobs."""

Outcome = Passed.Outcome


def hand_over(municipality: Municipality, now: datetime) -> int:
    """Hand over all work whose holder changed since the last transfer; number of items. Safe to
    repeat and to run twice at once.
    """
    today = timezone.localdate(now)
    roll = Roll.objects.of(municipality).first()
    stamp = stamp_of(municipality, today)
    if roll is not None and roll.stamp == stamp:
        return 0
    after = roster_on(municipality, today)
    change = StaffChange(roster_from(municipality, roll.kept) if roll else after, after)
    passed, whole = _pass_all(municipality, roll, change, now)
    if whole:
        _finish(municipality, roll, after, stamp, now=now)
    return passed


def stamp_of(municipality: Municipality, today: date) -> str:
    """Day and counts that change with every posting, role, person and department. Four small
    queries.
    """
    parts: list[object] = [today.isoformat()]
    for model in (Posting, Grant, DepartmentVersion):
        rows = model._base_manager.filter(municipality=municipality)
        parts += rows.aggregate(n=Count("pk"), last=Max("pk"), edits=Sum("edition")).values()
    parts.append(Member.objects.of(municipality).filter(is_active=True).count())
    return " ".join(str(part) for part in parts)


def passings(municipality: Municipality, change: StaffChange) -> list[tuple[HandOver, Passing]]:
    """Everything to hand over between two rosters, from every app. Writes nothing."""
    return [
        (offer, passing)
        for offer in hand_overs().values()
        for passing in passings_of(offer, municipality, change)
    ]


def passings_of(offer: HandOver, municipality: Municipality, change: StaffChange) -> list[Passing]:
    """Items of one kind to hand over. An item that was left vacant and notified is not repeated
    while nobody has taken it.
    """
    passings = offer.find(municipality, change)
    if not any(_is_left(passing) for passing in passings):
        return passings
    last: dict[int, tuple[str, int | None]] = {}
    rows = Passed.objects.of(municipality).filter(
        kind=offer.kind, object_id__in=[each.object_id for each in passings]
    )
    for number, outcome, giver in rows.order_by("pk").values_list("object_id", "outcome", "giver"):
        last[number] = (outcome, giver)
    notified = {
        (number, giver) for number, (outcome, giver) in last.items() if outcome == Outcome.VACANT
    }
    return [
        each
        for each in passings
        if not (_is_left(each) and (each.object_id, next(iter(each.gives), None)) in notified)
    ]


def _is_left(passing: Passing) -> bool:
    return not passing.takes and not passing.ends


def _pass_all(
    municipality: Municipality, roll: Roll | None, change: StaffChange, now: datetime
) -> Guarded:
    """Number of items handed over, and whether every kind succeeded. One that fails rests, and
    keeps the whole from being finished.
    """
    day = change.after.day

    def pass_kind(offer: HandOver) -> int:
        passings = passings_of(offer, municipality, change)
        return _pass_kind(municipality, roll, offer, passings, day, now=now) if passings else 0

    return each_guarded(municipality, PREFIX, hand_overs(), pass_kind, now=now)


@operation
def _pass_kind(
    municipality: Municipality,
    roll: Roll | None,
    offer: HandOver,
    passings: list[Passing],
    day: date,
    *,
    now: datetime,
) -> int:
    """Hand over the items of one kind and store the result of each; one log entry for all."""
    if not _is_our_turn(municipality, roll):
        return 0
    transfer = Transfer.objects.of(municipality).filter(finished_at=None).first()
    known = (
        set(transfer.things.filter(kind=offer.kind).values_list("object_id", "taker"))
        if transfer
        else set()
    )
    rows: list[Passed] = []
    for passing in passings:
        fresh = [
            row
            for row in _rows(offer, passing, municipality)
            if (row.object_id, row.taker_id) not in known
        ]
        if fresh and (offer.pass_on is None or offer.pass_on(passing, day)):
            rows += fresh
    if not rows:
        return 0
    transfer = transfer or Transfer.objects.create(municipality=municipality, day=day, began_at=now)
    for row in rows:
        row.transfer = transfer
    Passed.objects.bulk_create(rows, batch_size=500)
    counts = Counter(str(row.outcome) for row in rows)
    record(
        None,
        "transfer.passed",
        transfer,
        kind=offer.kind,
        **counts,
        things=[row.object_id for row in rows],
    )
    return len({row.object_id for row in rows})


def _is_our_turn(municipality: Municipality, roll: Roll | None) -> bool:
    """Lock against other schedulers and imports; False when another process handed over
    meanwhile.
    """
    Municipality.objects.select_for_update(no_key=True).only("pk").get(pk=municipality.pk)
    edition = Roll.objects.of(municipality).values_list("edition", flat=True).first()
    return edition == (roll.edition if roll else None)


def _rows(offer: HandOver, passing: Passing, municipality: Municipality) -> list[Passed]:
    outcome = Outcome.ENDED if passing.ends else Outcome.TAKEN if passing.takes else Outcome.VACANT
    takers: list[int | None] = list(passing.takes) if outcome == Outcome.TAKEN else [None]
    return [
        Passed(
            municipality=municipality,
            kind=offer.kind,
            object_id=passing.object_id,
            title=passing.title[:250],
            note=passing.note[:250],
            outcome=outcome,
            taker_id=taker,
            giver_id=passing.gives[0] if passing.gives else None,
        )
        for taker in takers
    ]


@operation
def _finish(
    municipality: Municipality, roll: Roll | None, after: Roster, stamp: str, *, now: datetime
) -> None:
    """Notify everybody concerned, and store the roster from which the next transfer starts."""
    if not _is_our_turn(municipality, roll):
        return
    values = {"stamp": stamp, "kept": after.kept()}
    if roll is None:
        Roll.objects.create(municipality=municipality, **values)
    else:
        Roll.objects.filter(pk=roll.pk).update(**values, edition=F("edition") + 1)
    if transfer := Transfer.objects.of(municipality).filter(finished_at=None).first():
        _tell(transfer, after, now)
        Transfer.objects.filter(pk=transfer.pk).update(finished_at=now)
        record(None, "transfer.finished", transfer, day=transfer.day)


def _tell(transfer: Transfer, after: Roster, now: datetime) -> None:
    """Notify each successor once, with the number of items; the office once, with the number left
    vacant.
    """
    counts = Counter(transfer.things.exclude(taker=None).values_list("taker", flat=True))
    vacant = transfer.things.filter(outcome=Outcome.VACANT).count()
    office = after.leading("office", 0) if vacant else []
    people = Member.objects.select_related("municipality", "user").in_bulk({*counts, *office})
    for taker, count in counts.items():
        notify(people[taker], "transfer.taken", transfer, stage=str(count), now=now, count=count)
    for number in office:
        notify(
            people[number], "transfer.vacant", transfer, stage=f"v{vacant}", now=now, count=vacant
        )
