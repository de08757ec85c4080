"""The story's pilots: the managers went first, the first wave is running, the second waits for its
decision.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from dashboard.demo.courses import complete_required
from dashboard.demo.organisation import Body, at
from municipality.core.periods import Period
from municipality.decisions.models import Decision, Step
from municipality.decisions.operations.decisions import approve
from municipality.organisation.leadership import post_holders
from municipality.organisation.models import Member
from pilots.days.models import Usage
from pilots.days.operations.records import record_usages
from pilots.days.operations.submissions import declare_no_telework, open_usage_months
from pilots.expansion.operations.requests import request_expansion
from pilots.lifecycle.operations.decisions import request_pilot_decision
from pilots.lifecycle.operations.steps import begin_evaluation, finish_pilot, start_pilot
from pilots.participants.models import Participant
from pilots.participants.operations.participation import add_participants, agree
from pilots.planning.models import Expansion, Pilot, PilotKind
from pilots.planning.operations import plan_pilot
from pilots.results.operations import fix_criteria

LEADERS = 5
"""How many managers took part in the first pilot, at most."""
SHARE = 0.88
"""Which part of a department takes part in the first wave."""
RISING = ((0.5, 0.75, 0.92, 1.0), (0.0, 0.0, 0.45, 0.55))
"""Which part of the participants teleworked month by month: in the first department, and in the
others. The others say of their first month that there was none, and nothing of the second.
"""


def load_trials(body: Body) -> Pilot:
    """Load both pilots up to the demonstration's day; the running one."""
    _managers_first(body)
    running = _first_wave(body)
    _use(body, running, body.day(-4, 2), body.as_of - timedelta(days=1), RISING)
    _ask_for_months(body)
    return running


def _ask_for_months(body: Body) -> None:
    """The clock asks for each month on its last open day; the first, in which some departments did
    nothing, they declare.
    """
    for months in range(-4, 0):
        last = body.calendar.add(body.month(months + 1).first, -1)
        open_usage_months(body.body, at(last, 6))
    month = body.month(-4).first
    for code in body.plan.first[1:]:
        declare_no_telework(
            body.departments[code], month, by=body.manager(code), now=at(body.day(-3, 3), 10)
        )


def _managers_first(body: Body) -> None:
    """課長 try for two months and go on (継続)."""
    codes = [unit.code for unit in body.plan.answering][:LEADERS]
    pilot = _plan(
        body,
        "管理職の先行実施",
        codes,
        kind=PilotKind.MANAGERS,
        planned=body.day(-7, 8),
        first=body.day(-6, 1),
        last=body.calendar.add(body.month(-4).first, -1),
        purpose="所属長が自ら在宅勤務を行い、承認や連絡の進め方と、課の業務の見え方を確かめる。",
        criteria=[("K38", "at_least", Decimal(4)), ("K40", "at_least", Decimal(75))],
    )
    _begin(
        body,
        pilot,
        [body.manager(code) for code in codes],
        planned=body.day(-7, 9),
        start=body.day(-6, 1),
    )
    _use(body, pilot, body.day(-6, 2), body.month(-5).last, ((1.0,),))
    begin_evaluation(pilot, by=body.office, now=at(body.day(-4, 2)))
    note = "承認と連絡の手順が整い、所属長が部下の在宅勤務を判断できるようになったため。"
    finish_pilot(
        pilot, outcome=Pilot.Outcome.CONTINUE, note=note, by=body.office, now=at(body.day(-4, 8))
    )


def _first_wave(body: Body) -> Pilot:
    """Two desk departments try for half a year."""
    names = "・".join(body.departments[code].name for code in body.plan.first[:2])
    pilot = _plan(
        body,
        f"第1期 試行({names})",
        list(body.plan.first),
        kind=PilotKind.DEPARTMENT,
        planned=body.day(-5, 5),
        first=body.day(-4, 1),
        last=body.calendar.add(body.month(3).first, -1),
        purpose="企画・内部事務の課で、業務の質を落とさずに週2日までの在宅勤務が続けられるかを確かめる。",
        criteria=[
            ("K40", "at_least", Decimal(70)),
            ("K39", "at_least", Decimal(100)),
            ("K36", "at_least", Decimal(100)),
        ],
    )
    people = [member for code in body.plan.first for member in _volunteers(body, code)]
    _begin(body, pilot, people, planned=body.day(-5, 6), start=body.day(-4, 1))
    return pilot


def _volunteers(body: Body, code: str) -> list[Member]:
    """Who takes part from a department: its manager, whoever has an account there, and most of the
    others.
    """
    members = body.people[code]
    known = [member for member in members if member in body.part.values()]
    count = max(round(len(members) * SHARE), len(known))
    return list(dict.fromkeys([members[0], *known, *members]))[:count]


def _plan(
    body: Body,
    name: str,
    codes: list[str],
    *,
    kind: str,
    planned: date,
    first: date,
    last: date,
    purpose: str,
    criteria,
) -> Pilot:
    pilot = plan_pilot(
        name=name,
        departments=[body.departments[code] for code in codes],
        starts_on=first,
        ends_on=last,
        purpose=purpose,
        scope="資料作成、照会回答、予算要求資料、会議録。窓口と現場の業務は除く。",
        kind=kind,
        by=body.office,
        now=at(planned),
    )
    fix_criteria(
        pilot, criteria=criteria, edition=pilot.edition, by=body.office, now=at(planned, 11)
    )
    return pilot


def _begin(body: Body, pilot: Pilot, people: list[Member], *, planned: date, start: date) -> None:
    """Decided, agreed, trained, started."""
    decision = request_pilot_decision(pilot, by=body.office, now=at(planned, 13))
    decide(body, decision, planned)
    pilot.refresh_from_db()
    rows = add_participants(
        pilot,
        members=people,
        by=body.office,
        now=at(body.calendar.add(planned, 4)),
        device="貸与端末",
    )
    _agree(body, rows, body.calendar.add(planned, 6))
    complete_required(body, done=body.calendar.add(planned, 7))
    start_pilot(Pilot.objects.get(pk=pilot.pk), by=body.office, now=at(start, 9))
    pilot.refresh_from_db()


def _agree(body: Body, rows: list[Participant], day: date) -> None:
    for row in rows:
        agree(row, by=body.actor(row.member), now=at(day, 9, 30))


def decide(body: Body, decision: Decision, day: date, *, until: int = 99) -> None:
    """Let the holders of the posts act one after the other, an open day apart, up to the step of
    that order.
    """
    while decision.state == Decision.State.RUNNING:
        step = (
            decision.steps.filter(state=Step.State.CURRENT, order__lt=until)
            .select_related("decision")
            .order_by("order")
            .first()
        )
        if step is None:
            return
        holder = (
            post_holders(step.department_id, step.post_id, body.as_of)
            .exclude(pk=decision.drafter_id)
            .first()
        )
        known = next(
            member
            for people in body.people.values()
            for member in people
            if holder and member.pk == holder.pk
        )
        approve(step, by=body.actor(known), now=at(day, 15, 10))
        day = min(body.calendar.add(day, 1), max(day, body.ago(1)))
        decision.refresh_from_db()


def _use(
    body: Body, pilot: Pilot, first: date, last: date, shares: tuple[tuple[float, ...], ...]
) -> None:
    """Records of the participants: in each month the first so many of a department, on one or two
    days a week.

    `shares` are those parts by month, for the first department and for the others; the last one
    goes on.
    """
    by_department: dict[int, list[Participant]] = {}
    for row in pilot.participants.took_part(first, last).select_related("member").order_by("pk"):
        by_department.setdefault(row.department_id, []).append(row)
    usages: list[Usage] = []
    for place, rows in enumerate(by_department.values()):
        part = shares[min(place, len(shares) - 1)]
        month, number = Period.holding(Period.MONTH, first), 0
        while month.first <= last:
            share = part[min(number, len(part) - 1)]
            users = rows[: max(1, round(len(rows) * share)) if share else 0]
            usages += [usage for row in users for usage in _of_month(body, row, month, first, last)]
            month, number = month.following, number + 1
    record_usages(body.body, usages=usages, by=None, now=at(min(last, body.as_of), 18))


def _of_month(body: Body, row: Participant, month: Period, first: date, last: date) -> list[Usage]:
    """Two to six open days of the month that lie between the two."""
    since, until = max(month.first, first), min(month.last, last)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    open_ones = [day for day in days if body.calendar.is_open(day)]
    count = min(len(open_ones), max(1, round(len(open_ones) / 20 * body.rng.randint(2, 6))))
    return [_usage(body, row, day) for day in sorted(body.rng.sample(open_ones, count))]


def _usage(body: Body, row: Participant, day: date) -> Usage:
    unit = body.rng.choices([Usage.Unit.FULL, Usage.Unit.MORNING, Usage.Unit.AFTERNOON], [6, 2, 2])[
        0
    ]
    return Usage(
        municipality=body.body,
        member_id=row.member_id,
        department_id=row.department_id,
        day=day,
        unit=unit,
        minutes=Usage.MINUTES[unit],
        place=body.rng.choices([Usage.Place.HOME, Usage.Place.SATELLITE], [9, 1])[0],
    )


def load_expansion(body: Body, pilot: Pilot) -> Expansion:
    """Load the second wave, approved by all but the last: it waits for whoever decides."""
    names = "・".join(body.departments[code].name for code in body.plan.second[:2])
    expansion = request_expansion(
        pilot,
        name=f"第2期 試行({names})",
        departments=[body.departments[code] for code in body.plan.second],
        starts_on=body.calendar.roll(body.month(2).first),
        ends_on=body.calendar.add(body.month(8).first, -1),
        initial_yen=1_980_000,
        monthly_yen=46_000,
        explanation="繁忙期の前に始め、窓口業務を除いた内部事務から試します。準備度の低い項目は、開始までに情報システムの整備で満たします。",
        by=body.office,
        now=at(body.ago(5), 14),
    )
    decision = Decision.objects.get(matter="pilots.expansion", subject_id=expansion.pk)
    decide(body, decision, body.ago(5), until=4)
    return expansion
