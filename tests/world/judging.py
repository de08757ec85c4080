"""Goals, talks and reviews, one thing per slot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, PrivateNote, Promise
from evaluation.appraisal.schemes.operations import plan_period
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.appraisal.sheets.operations import open_sheets
from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Remark, Review, ReviewRevision
from municipality.core.periods import Period
from municipality.organisation.models import Member

from .marks import Marks
from .preparing import PERSONS
from .town import Town

SHEETS = {**PERSONS, "left": "senior", "chief": "manager"}
PAIRS = {
    "self": ("manager", "staff"),
    "own": ("manager", "colleague"),
    "below": ("manager", "below_person"),
    "other": ("manager_other", "other_person"),
    "left": ("until_yesterday", "senior"),
}
PLACES = {"below": "below", "other": "other"}
PROMISED = {
    "self": "staff",
    "own": "manager",
    "below": "below_person",
    "other": "manager_other",
    "left": "until_yesterday",
}
NOTED = (
    ("self", "self", "staff"),
    ("self_manager", "self", "manager"),
    ("own", "own", "manager"),
    ("other", "other", "manager_other"),
    ("left", "left", "until_yesterday"),
)
"""Slot of the note, slot of the talk, author."""


def goals(town: Town, mark: Marks) -> Iterator[None]:
    """An open period; each sheet was handed in and sent back. One is still with who led the person
    until yesterday.
    """
    hr = town.people["hr"]
    period = plan_period(
        name=mark("evaluation.EvaluationPeriod.name", "any"),
        starts_on=town.today - timedelta(days=30),
        ends_on=town.today + timedelta(days=150),
        goals_due_on=town.day(7),
        agree_due_on=town.day(14),
        by=hr,
    )
    open_sheets(period, by=hr, now=town.now)
    town.put("period", "any", period)
    yield
    Sheet.objects.filter(member=town.people["senior"]).update(
        evaluator=town.people["until_yesterday"]
    )
    for slot, name in SHEETS.items():
        sheet = Sheet.objects.get(period=period, member=town.people[name])
        comment = mark("evaluation.Sheet.return_comment", slot)
        Sheet.objects.filter(pk=sheet.pk).update(
            state="returned",
            return_comment=comment,
            submitted_at=town.now,
            agree_due_on=town.day(14),
        )
        said = {field: mark(f"evaluation.Goal.{field}", slot) for field in ("title", "measure")}
        Goal.objects.create(municipality=town.body, sheet=sheet, order=1, weight=100, **said)
        town.put("sheet", slot, Sheet.objects.get(pk=sheet.pk))
        yield


def talks(town: Town, mark: Marks) -> Iterator[None]:
    """A pair per slot with one talk, one promise, and notes that their authors alone read."""
    for slot, (manager, member) in PAIRS.items():
        place = town.departments[PLACES.get(slot, "own")]
        pair = Pair.objects.create(
            municipality=town.body,
            manager=town.people[manager],
            member=town.people[member],
            department=place,
            starts_on=town.today - timedelta(days=30),
        )
        town.put("pair", slot, pair)
        said = {
            field: mark(f"evaluation.OneOnOne.{field}", slot) for field in ("topics", "shared_note")
        }
        talk = OneOnOne.objects.create(
            municipality=town.body,
            pair=pair,
            held_on=town.today - timedelta(days=7),
            minutes=30,
            next_on=town.day(21),
            recorded_by=pair.manager,
            recorded_at=town.now,
            **said,
        )
        town.put("talk", slot, talk)
        promise = Promise.objects.create(
            municipality=town.body,
            one_on_one=talk,
            owner=town.people[PROMISED[slot]],
            text=mark("evaluation.Promise.text", slot),
            due_on=town.day(10),
        )
        town.put("promise", slot, promise)
        yield
    for slot, place, author in NOTED:
        note = PrivateNote(
            municipality=town.body,
            one_on_one=town.things["talk"][place],
            author=town.people[author],
        )
        note.sealed, note.written_at = (
            PrivateNote.seal(mark("evaluation.PrivateNote.sealed", slot)),
            town.now,
        )
        note.save()
        yield


def reviews(town: Town, mark: Marks) -> Iterator[None]:
    """Last month's review of the body and of each department, being written; and one of the month
    before, closed.
    """
    load_indicators(town.body)
    yield
    month = Period.holding(Period.MONTH, town.today).previous
    for slot in ("own", "below", "other", "body", "closed"):
        place = town.departments.get("own" if slot == "closed" else slot)
        review = _review(town, mark, slot, month.previous if slot == "closed" else month, place)
        town.put("review", slot, review)
        yield
        remark = {
            field: mark(f"evaluation.Remark.{field}", slot) for field in ("text", "name", "post")
        }
        Remark.objects.create(
            municipality=town.body,
            review=review,
            member=town.people["third_chief"],
            role="manager",
            written_at=town.now,
            **remark,
        )
        yield
    _closed_before(town, mark, town.things["review"]["closed"])
    yield
    for slot, who in {**PERSONS, "body": "second_office"}.items():
        review = town.things["review"]["own" if slot == "self" else slot]
        town.put(
            "action",
            slot,
            _action(town, review, town.people[who], mark("evaluation.Action.what", slot)),
        )
        yield
        ActionEntry.objects.create(
            municipality=town.body,
            action=town.things["action"][slot],
            kind="report",
            text=mark("evaluation.ActionEntry.text", slot),
            by=town.people[who],
            at=town.now,
        )
        yield
        if slot != "self":
            ended = {
                "state": "done",
                "finished_at": town.now,
                "outcome": mark("evaluation.Action.outcome", slot),
            }
            town.put(
                "ended", slot, _action(town, review, town.people[who], "手順書を直す", **ended)
            )
            yield


def _closed_before(town: Town, mark: Marks, review: Review) -> None:
    """What the closed review knew of two actions, and that it was closed once before."""
    ended = {"state": "done", "finished_at": town.now, "outcome": "直した"}
    for field, facts in (("last_report", {}), ("outcome", ended)):
        who = town.people["second_office"]
        ActionInReview.objects.create(
            municipality=town.body,
            review=review,
            action=_action(town, review, who, "様式を直す", **facts),
            state=facts.get("state", "open"),
            due_on=town.day(20),
            known_at=town.now,
            **{field: mark(f"evaluation.ActionInReview.{field}", "closed")},
        )
    texts, said = (
        dict.fromkeys(Review.PARTS, ""),
        mark("evaluation.ReviewRevision.content", "closed"),
    )
    ReviewRevision.objects.create(
        municipality=town.body,
        review=review,
        number=1,
        closed_by=town.people["second_office"],
        closed_at=town.now,
        reopened_by=town.people["second_office"],
        reopened_at=town.now,
        reason=mark("evaluation.ReviewRevision.reason", "closed"),
        content={"texts": {**texts, "do_text": said}, "figures": [], "actions": []},
    )


def _review(town: Town, mark: Marks, slot: str, month: Period, department) -> Review:
    said = {part: mark(f"evaluation.Review.{part}", slot) for part in Review.PARTS}
    closed = {"state": "closed", "closed_by": town.people["second_office"], "closed_at": town.now}
    return Review.objects.create(
        municipality=town.body,
        cadence=Period.MONTH,
        first=month.first,
        last=month.last,
        department=department,
        due_on=town.day(5),
        opened_at=town.now,
        **said,
        **(closed if slot == "closed" else {}),
    )


def _action(town: Town, review: Review, who: Member, what: str, **facts) -> Action:
    return Action.objects.create(
        municipality=town.body,
        review=review,
        what=what,
        who=who,
        due_on=town.day(20),
        added_at=town.now,
        **facts,
    )
