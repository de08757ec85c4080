"""A year of decisions, transfers and absences by the dice, and what must have been told of it.

What must have been told is worked out here without the product: its own calendar of fiscal 2026
(令和8年度), its own counting of open days, its own ladder. Only names are shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from municipality.decisions.models import Absence, Decision
from municipality.decisions.operations.decisions import approve, draft_decision, submit_decision
from municipality.organisation.models import Member, authority_on

from .decisions import MATTER, a_route, step_of
from .municipality import a_body, a_department, a_member, also_posted, root_of

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
HOLIDAYS = {
    date(2026, 4, 29),
    date(2026, 5, 3),
    date(2026, 5, 4),
    date(2026, 5, 5),
    date(2026, 5, 6),
    date(2026, 7, 20),
    date(2026, 8, 11),
    date(2026, 9, 21),
    date(2026, 9, 22),
    date(2026, 9, 23),
    date(2026, 10, 12),
    date(2026, 11, 3),
    date(2026, 11, 23),
    date(2027, 1, 1),
    date(2027, 1, 11),
    date(2027, 2, 11),
    date(2027, 2, 23),
    date(2027, 3, 21),
    date(2027, 3, 22),
}
STAGES = (-5, -1, 0, 1, 3, 5)
DAYS_FOR_A_STEP = 3
PLACES = 3
Told = tuple[date, str, int, int]
"""Day, mail address of the person, number of the thing, stage."""


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def is_open(day: date) -> bool:
    around_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and day not in HOLIDAYS and not around_new_year


def open_day_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_open(day)
    return day


def distance(due: date, day: date) -> int:
    """Open days from the due date to the day, negative before it."""
    first, last, sign = (due, day, 1) if day >= due else (day, due, -1)
    return sign * sum(is_open(each) for each in days(first + timedelta(days=1), last))


@dataclass
class Thing:
    """A decision of a department: opened on a day, taken on another or never."""

    number: int
    place: int
    opened: date
    done: date | None

    @property
    def due(self) -> date:
        return open_day_after(self.opened, DAYS_FOR_A_STEP)


@dataclass
class Script:
    """What happens from `first` to `last`. Each department's head changes on `moves[place]` to the
    next of its two heads.
    """

    first: date
    last: date
    seed: int = 1
    things: list[Thing] = field(default_factory=list)
    moves: dict[int, date] = field(default_factory=dict)
    away: list[tuple[str, date, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        dice, span = Random(self.seed), (self.last - self.first).days
        for number in range(max(8, span // 5)):
            opened = self.first + timedelta(days=dice.randrange(max(1, span - 2)))
            rests = dice.choice([0, 1, 2, 4, 6, 9, 13, 20, None])
            done = None if rests is None else opened + timedelta(days=rests)
            place = dice.randrange(PLACES)
            self.things.append(
                Thing(number + 1, place, opened, done if done and done <= self.last else None)
            )
        for place in range(PLACES):
            self.moves[place] = self.first + timedelta(
                days=dice.randrange(span // 3, 2 * span // 3)
            )
        for place in range(PLACES):
            start = self.first + timedelta(days=dice.randrange(span))
            self.away.append(
                (self.head(place, start), start, start + timedelta(days=dice.randrange(1, 12)))
            )

    def head(self, place: int, day: date) -> str:
        """Who leads the department on the day: being away, by telework or otherwise, changes
        nothing about it.
        """
        return f"head{place}-{'second' if day >= self.moves[place] else 'first'}@town.example.jp"

    @property
    def expected(self) -> set[Told]:
        """Everything that must have been told, and when."""
        told: dict[tuple[str, int, int], date] = {}
        for day in days(self.first, self.last):
            for thing in self.things if is_open(day) else ():
                if thing.opened > day or (thing.done is not None and thing.done <= day):
                    continue
                passed = [stage for stage in STAGES if stage <= distance(thing.due, day)]
                people = [self.head(thing.place, day)] + (
                    ["office@town.example.jp"] if passed and passed[-1] >= 5 else []
                )
                for person in people if passed else ():
                    told.setdefault((person, thing.number, passed[-1]), day)
        return {(day, person, number, stage) for (person, number, stage), day in told.items()}


class Town:
    """The body in which a script is played."""

    def __init__(self, script: Script) -> None:
        self.script, self.body = script, a_body()
        self.office = a_member(root_of(self.body), "office", mail="office@town.example.jp")
        self.departments = [a_department(self.body, f"第{place + 1}課") for place in range(PLACES)]
        self.drafters = [a_member(department, mail="") for department in self.departments]
        self.routes = []
        self.decisions: dict[int, Decision] = {}
        for place, department in enumerate(self.departments):
            before = script.moves[place] - timedelta(days=1)
            post = {"post": "課長", "ends_on": before}
            leaving = a_member(
                department, "manager", mail=f"head{place}-first@town.example.jp", **post
            )
            coming = {"post": "課長", "starts_on": script.moves[place]}
            a_member(department, "manager", mail=f"head{place}-second@town.example.jp", **coming)
            also_posted(
                leaving, root_of(self.body), starts_on=script.moves[place]
            )  # moved on, not gone
            self.routes.append(
                a_route(department, (1, "decide", "課長", department), name=f"第{place + 1}課")
            )
        for mail, first, last in script.away:
            person = Member.objects.get(mail=mail)
            Absence.objects.create(
                municipality=self.body, member=person, reason="出張", starts_on=first, ends_on=last
            )

    def play(self, day: date) -> None:
        """What people do at noon of the day."""
        noon = datetime.combine(day, time(12), TOKYO)
        for thing in self.script.things:
            if thing.opened == day:
                drafter, department = self.drafters[thing.place], self.departments[thing.place]
                facts = {
                    "title": f"第{thing.number}号",
                    "by": drafter,
                    "now": noon,
                    "department": department,
                }
                decision = draft_decision(MATTER, thing.number, **facts)
                self.decisions[thing.number] = submit_decision(
                    decision, by=drafter, now=noon, route=self.routes[thing.place]
                )
            if thing.done == day:
                head = Member.objects.select_related("municipality").get(
                    mail=self.script.head(thing.place, day)
                )
                head.authority = authority_on(head, day)
                approve(step_of(self.decisions[thing.number], 1), by=head, now=noon)

    @property
    def numbers(self) -> dict[int, int]:
        """Decision → number of the thing."""
        return {decision.pk: number for number, decision in self.decisions.items()}


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), TOKYO)
