"""Pilots, their participants, decisions on their way, and expansions, one thing per slot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from municipality.core.periods import Period
from municipality.decisions.models import Decision
from municipality.decisions.operations.circulation import circulate
from municipality.decisions.operations.decisions import approve, draft_decision, submit_decision
from municipality.decisions.operations.papers import add_paper
from municipality.organisation.models import Member
from pilots.days.models import NoTelework, Usage, UsageMonth
from pilots.expansion.operations.requests import request_expansion
from pilots.participants.operations.participation import add_participants
from pilots.planning.models import ExpansionDepartment, Pilot
from pilots.planning.operations import plan_pilot
from pilots.results.operations import fix_criteria

from .marks import Marks
from .preparing import PERSONS
from .town import Town

CHIEFS = {"own": "manager", "below": "manager", "other": "manager_other"}
"""Who answers for the department of each slot."""

DRAFTERS = {"own": "manager", "below": "below_person", "other": "manager_other"}
"""Who drafted the decision of each slot: in 庶務係 one of its people, who leads that pilot."""


def pilots(town: Town, mark: Marks) -> Iterator[None]:
    """A planned pilot per department with people asked to take part; others that are decided on,
    widened, over, left.
    """
    for slot, chief in CHIEFS.items():
        said = {name: mark(f"pilots.Pilot.{name}", slot) for name in ("name", "purpose", "scope")}
        town.put("pilot", slot, _planned(town, slot, lead=town.people[chief], **said))
        yield
    for slot, name in PERSONS.items():
        pilot = town.things["pilot"]["own" if slot == "self" else slot]
        device = mark("pilots.Participant.device", slot)
        facts = {"by": town.people["office"], "now": town.now, "device": device}
        town.put(
            "participant", slot, add_participants(pilot, members=[town.people[name]], **facts)[0]
        )
        yield
    town.put(
        "pilot",
        "left",
        _planned(town, "own", lead=town.people["until_yesterday"], name="異動した人の試行"),
    )
    yield
    for slot in CHIEFS:
        yield from _over(town, mark, slot)
        yield from _asked(town, mark, slot)
        yield from _widened(town, mark, slot)
        yield from _months(town, slot)


def _planned(
    town: Town, place: str, *, lead: Member, name: str, purpose: str = "試験", scope: str = ""
) -> Pilot:
    """A pilot with its criteria, planned by the office."""
    office = town.people["office"]
    pilot = plan_pilot(
        name=name,
        departments=[town.departments[place]],
        purpose=purpose,
        scope=scope,
        lead=lead,
        by=office,
        now=town.now,
        starts_on=town.day(1),
        ends_on=town.day(60),
    )
    fix_criteria(
        pilot,
        criteria=[("K40", "at_least", Decimal(30))],
        edition=pilot.edition,
        by=office,
        now=town.now,
    )
    # It is as if it had been planned a month ago.
    Pilot.objects.filter(pk=pilot.pk).update(starts_on=town.today - timedelta(days=30))
    return Pilot.objects.get(pk=pilot.pk)


def _over(town: Town, mark: Marks, slot: str) -> Iterator[None]:
    pilot = _planned(town, slot, lead=town.people[CHIEFS[slot]], name="終わった試行")
    note = mark("pilots.Pilot.outcome_note", slot)
    facts = {"outcome": "stop", "outcome_note": note, "finished_at": town.now}
    begun = timedelta(days=100)
    facts |= {"starts_on": town.today - begun, "started_at": town.now - begun}
    Pilot.objects.filter(pk=pilot.pk).update(state="finished", **facts)
    town.put("finished", slot, Pilot.objects.get(pk=pilot.pk))
    yield


def _asked(town: Town, mark: Marks, slot: str) -> Iterator[None]:
    """A decision at its first step (税務課長), for 税務課 itself at its second (the mayor)."""
    drafter = town.people[DRAFTERS[slot]]
    pilot = _planned(
        town,
        slot,
        lead=drafter,
        name="決裁に回した試行",
        purpose=mark("municipality.Revision.content", slot),
    )
    title = mark("municipality.Decision.title", slot)
    department = town.departments[slot]
    decision = draft_decision(
        "pilots.pilot", pilot.pk, title=title, by=drafter, now=town.now, department=department
    )
    Decision.objects.filter(pk=decision.pk).update(
        number=mark("municipality.Decision.number", slot)
    )
    paper = {name: mark(f"municipality.Attachment.{name}", slot) for name in ("name", "content")}
    content = paper["content"].encode()
    add_paper(decision, name=f"{paper['name']}.txt", content=content, by=drafter, now=town.now)
    circulate(decision, member=town.people["hr"], by=drafter, now=town.now)
    decision = submit_decision(Decision.objects.get(pk=decision.pk), by=drafter, now=town.now)
    town.put("decision", slot, Decision.objects.get(pk=decision.pk))
    yield


def _widened(town: Town, mark: Marks, slot: str) -> Iterator[None]:
    """An expansion to 住民課 at the mayor's step, after 住民課長 said something to it."""
    chief = town.people[CHIEFS[slot]]
    pilot = _planned(town, slot, lead=chief, name="展開する試行")
    Pilot.objects.filter(pk=pilot.pk).update(
        state="running",
        kind="continuity",
        started_at=town.now,
        report_due_on=town.day(75),
    )
    pilot = Pilot.objects.get(pk=pilot.pk)
    town.put("running", slot, pilot)
    later = 300 * list(CHIEFS).index(slot)  # a department is asked for once in the same days
    facts = {"starts_on": town.day(90 + later), "ends_on": town.day(180 + later)}
    said = {name: mark(f"pilots.Expansion.{name}", slot) for name in ("name", "explanation")}
    expansion = request_expansion(
        pilot, departments=[town.departments["third"]], by=chief, now=town.now, **facts, **said
    )
    town.put("expansion", slot, expansion)
    plan = expansion.plans[0]
    planned = {
        name: mark(f"pilots.ExpansionDepartment.{name}", slot) for name in ("purpose", "scope")
    }
    ExpansionDepartment.objects.filter(pk=plan.pk).update(**planned)
    town.put("expansion_plan", slot, ExpansionDepartment.objects.get(pk=plan.pk))
    decision = Decision.objects.get(matter="pilots.expansion", subject_id=expansion.pk)
    step = decision.steps.select_related("decision", "post", "department").get(order=1)
    approve(
        step,
        by=town.people["third_chief"],
        now=town.now,
        comment=mark("municipality.Step.comment", slot),
    )
    town.put("commented", slot, Decision.objects.get(pk=decision.pk))
    yield


def usages(town: Town, _mark: Marks) -> Iterator[None]:
    """A record of today of each person."""
    for slot, name in PERSONS.items():
        row = Usage.objects.create(
            municipality=town.body,
            member=town.people[name],
            department=town.departments["own" if slot == "self" else slot],
            day=town.today,
        )
        town.put("usage", slot, row)
        yield


def _months(town: Town, slot: str) -> Iterator[None]:
    """A month for which nothing was handed in, and one that was declared to have no telework."""
    place, chief = town.departments[slot], town.people[CHIEFS[slot]]
    month = Period.holding(Period.MONTH, town.today).previous
    for thing, period in (("usage_month", month), ("declared_month", month.previous)):
        row = UsageMonth.objects.create(
            municipality=town.body,
            department=place,
            month=period.first,
            due_on=town.day(7),
            opened_at=town.now,
        )
        town.put(thing, slot, row)
    NoTelework.objects.create(
        municipality=town.body,
        department=place,
        month=month.previous.first,
        declared_by=chief,
        declared_at=town.now,
    )
    yield
