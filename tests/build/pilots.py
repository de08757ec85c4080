"""A town that tries telework, and pilots and expansions in a named state. Everything goes through
the operations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from municipality.decisions.models import Decision
from municipality.decisions.operations.decisions import approve
from municipality.organisation.models import Department, Member, Municipality
from pilots.days.models import Usage
from pilots.days.operations.records import record_usages
from pilots.expansion.operations.requests import apply_for_expansion, request_expansion
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.lifecycle.operations.steps import begin_evaluation, start_pilot
from pilots.participants.operations.participation import add_participants, agree
from pilots.planning.models import Expansion, Pilot
from pilots.planning.operations import plan_pilot
from pilots.results.operations import fix_criteria
from rollout.readiness.models import Assessment
from rollout.readiness.operations.catalogue import load_criteria
from training.completions.models import Completion
from training.courses.models import Course, CourseRequirement

from . import rollout
from .decisions import a_route
from .municipality import a_body, a_department, a_member, at, root_of

STARTS, ENDS = date(2026, 8, 3), date(2026, 10, 30)
CRITERIA = (("K40", "at_least", Decimal(30)), ("K39", "at_least", Decimal(3)))


@dataclass
class Town:
    """企画財政課 tries, 税務課 comes next; three people take part. The mayor decides on both
    matters.
    """

    body: Municipality
    root: Department
    kikaku: Department
    zeimu: Department
    office: Member
    chief: Member
    staff: list[Member]
    tax_chief: Member
    tax_staff: Member
    mayor: Member
    consultant: Member
    auditor: Member
    course: Course
    others: dict[str, Member] = field(default_factory=dict)


def a_town(code: str = "993018", **fields) -> Town:
    """The town with its people, its required course (nobody has completed it) and its routes."""
    body = a_body(code, **fields)
    root = root_of(body)
    kikaku, zeimu, soumu = (
        a_department(body, "企画財政課"),
        a_department(body, "税務課"),
        a_department(body, "総務課"),
    )
    town = Town(
        body,
        root,
        kikaku,
        zeimu,
        office=a_member(soumu, "office", name="西村 航"),
        chief=a_member(kikaku, "manager", name="髙瀬 由紀", post="課長"),
        staff=[a_member(kikaku, name=name) for name in ("安藤 海", "伊東 空", "上野 陸")],
        tax_chief=a_member(zeimu, "manager", name="木戸 明里", post="課長"),
        tax_staff=a_member(zeimu, name="江口 森"),
        mayor=a_member(root, "executive", name="雨宮 登", post="町長"),
        consultant=a_member(root, "consultant", name="三枝 千景"),
        auditor=a_member(root, "auditor", name="小野 泉"),
        course=a_required_course(body),
    )
    a_route(kikaku, (1, "decide", "町長", root), matter="pilots.pilot")
    a_route(
        kikaku,
        (1, "approve", "課長", soumu),
        (2, "decide", "町長", root),
        matter="pilots.expansion",
    )
    town.others["soumu_chief"] = a_member(soumu, "manager", name="野々村 透", post="課長")
    load_criteria(body)
    ready(town, kikaku, town.chief)
    return town


def ready(
    town: Town,
    department: Department,
    manager: Member,
    *,
    name: str = "第1回",
    now: datetime | None = None,
    **by_code: int,
) -> Assessment:
    """The department's readiness was confirmed in a round of its own, in June; levels of single
    criteria by their code.
    """
    now = now or at(2026, 6, 1)
    round_ = rollout.a_round(
        town.body, town.office, name, due_on=date(2027, 3, 31), now=now, departments=[department]
    )
    assessment = rollout.confirmed(round_, department, manager, town.office, now=now, **by_code)
    rollout.closed(round_, town.office, now)
    return assessment


def a_required_course(
    body: Municipality, code: str = "T01", title: str = "テレワークの基礎"
) -> Course:
    """A course that every participant must have completed."""
    course = Course.objects.create(
        municipality=body, code=code, title=title, minutes=60, required_for_pilots=True
    )
    CourseRequirement.objects.create(municipality=body, course=course)
    return course


def completed(course: Course, members: Iterable[Member], on: date = date(2026, 7, 1)) -> None:
    """The members completed the course."""
    Completion.objects.bulk_create(
        Completion(
            municipality_id=member.municipality_id,
            course=course,
            member=member,
            completed_on=on,
            source="office",
        )
        for member in members
    )


def a_planned(
    town: Town,
    *,
    name: str = "第1期試行(企画財政課)",
    criteria=CRITERIA,
    by: Member | None = None,
    **facts,
) -> Pilot:
    """A planned pilot of 企画財政課 led by its manager, with its criteria fixed on 21 July."""
    now = at(2026, 7, 21)
    facts = {
        "departments": [town.kikaku],
        "starts_on": STARTS,
        "ends_on": ENDS,
        "lead": town.chief,
        **facts,
    }
    pilot = plan_pilot(
        name=name, purpose="業務継続と働き方の見直し", by=by or town.chief, now=now, **facts
    )
    if criteria:
        fix_criteria(pilot, criteria=criteria, edition=pilot.edition, by=by or town.chief, now=now)
    return pilot


def with_participants(
    pilot: Pilot, members: Iterable[Member], *, by: Member, now: datetime | None = None
) -> Pilot:
    """The members were asked and agreed."""
    now = now or at(2026, 7, 22)
    for participant in add_participants(pilot, members=members, by=by, now=now):
        agree(participant, by=participant.member, now=now)
    return pilot


def decided(decision: Decision, *deciders: Member, now: datetime) -> Decision:
    """Each approves the step whose turn it is, in this order."""
    for decider in deciders:
        step = decision.steps.select_related("decision", "post", "department").get(state="current")
        approve(step, by=decider, now=now)
    decision.refresh_from_db()
    return decision


def an_approved(town: Town, **facts) -> Pilot:
    """An approved pilot with three participants who agreed."""
    pilot = with_participants(a_planned(town, **facts), town.staff, by=town.chief)
    decision = request_pilot_decision(pilot, by=town.chief, now=at(2026, 7, 23))
    decided(decision, town.mayor, now=at(2026, 7, 27))
    pilot.refresh_from_db()
    return pilot


def a_running(town: Town, **facts) -> Pilot:
    """A running pilot since 3 August; its participants and its lead have their training."""
    pilot = an_approved(town, **facts)
    completed(town.course, [*town.staff, pilot.lead])
    return start_pilot(pilot, by=town.chief, now=at(2026, 8, 3))


def used(member: Member, department: Department, *days: date, unit: str = "full") -> int:
    """The member teleworked on these days."""
    rows = [
        Usage(
            municipality_id=member.municipality_id,
            member=member,
            department=department,
            day=day,
            unit=unit,
            minutes=Usage.MINUTES.get(unit, 60),
        )
        for day in days
    ]
    return record_usages(department.municipality, usages=rows, by=None, now=at(2026, 11, 2))


def days_from(first: date, count: int) -> list[date]:
    """So many days in a row."""
    return [first + timedelta(days=number) for number in range(count)]


def a_used(town: Town, **facts) -> Pilot:
    """A running pilot in which two of three teleworked: K03 66.7%, K04 3.5人日."""
    pilot = a_running(town, **facts)
    used(town.staff[0], town.kikaku, *days_from(date(2026, 8, 4), 3))
    used(town.staff[1], town.kikaku, date(2026, 9, 1), unit="morning")
    return pilot


def an_evaluated(town: Town, **facts) -> Pilot:
    """A pilot that is over and is being evaluated."""
    return begin_evaluation(a_used(town, **facts), by=town.chief, now=at(2026, 11, 2))


def a_requested(town: Town, pilot: Pilot | None = None, **facts) -> Expansion:
    """An expansion to 税務課 on its way: the first step is 総務課長's, the second the mayor's."""
    return request_expansion(
        pilot or an_evaluated(town), by=town.chief, now=at(2026, 11, 4), **_wanted(town, facts)
    )


def an_application(town: Town, pilot: Pilot, **facts) -> Expansion:
    """The same, not sent yet."""
    facts = _wanted(town, facts)
    return apply_for_expansion(pilot, by=town.chief, now=at(2026, 11, 4), **facts)


def _wanted(town: Town, facts: dict) -> dict:
    return {
        "name": "第2期試行",
        "departments": [town.zeimu],
        "starts_on": date(2027, 1, 12),
        "ends_on": date(2027, 3, 31),
        "initial_yen": 1_848_000,
        "monthly_yen": 96_800,
        "explanation": "税務課の準備度評価は12月に確定します。",
        **facts,
    }


def decision_of(thing: Pilot | Expansion) -> Decision:
    """The latest decision about it."""
    matter = "pilots.pilot" if isinstance(thing, Pilot) else "pilots.expansion"
    return Decision.objects.filter(matter=matter, subject_id=thing.pk).latest("drafted_at")
