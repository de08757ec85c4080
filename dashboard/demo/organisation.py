"""Founding a demonstration body: departments, posts, people with their roles and duties, accounts,
routes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from dashboard.demo.accounts import open_account
from dashboard.demo.names import drawn
from dashboard.demo.plans import KIND, BodyPlan, CastMember, Unit
from municipality.core.periods import Period
from municipality.decisions.models import StepKind
from municipality.decisions.operations.route_templates import RouteStage, set_route
from municipality.organisation.models import (
    Department,
    Duty,
    Grant,
    Member,
    Municipality,
    Post,
    Posting,
    authority_on,
)
from municipality.organisation.open_days import OpenDays, open_days
from municipality.organisation.operations.departments import add_department, create_body, give_duty
from municipality.organisation.operations.employment_kinds import (
    SPECIAL,
    SPECIAL_POSTS,
    keep_employment_kinds,
)

TOKYO = ZoneInfo("Asia/Tokyo")
RANKS = {
    "教育長": 3,
    "監査委員": 4,
    "局長": 5,
    "部長": 6,
    "課長": 10,
    "課長補佐": 20,
    "係長": 30,
    "主任": 40,
    "主事": 50,
    "外部専門家": 90,
}
LEADERS: dict[str, tuple[str, str]] = {
    KIND.BUREAU: ("局長", "executive"),
    KIND.DIVISION: ("部長", "executive"),
}
BATCH = 500


@dataclass
class Body:
    """A demonstration body while it is being filled, and the clock of its story: days are counted
    from `as_of`.
    """

    plan: BodyPlan
    body: Municipality
    seed: int
    as_of: date
    rng: Random
    calendar: OpenDays
    departments: dict[str, Department] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, list[Member]] = field(default_factory=dict)
    part: dict[str, Member] = field(default_factory=dict)

    def manager(self, code: str) -> Member:
        """Who leads a department."""
        return self.actor(self.people[code][0])

    def actor(self, member: Member) -> Member:
        """The member with the authority of the demonstration's day, whatever day it is outside."""
        if member.authority.day != self.as_of:
            member.authority = authority_on(member, self.as_of)
        return member

    @property
    def office(self) -> Member:
        """Who runs the rollout."""
        return self.actor(self.part["office"])

    def month(self, months: int) -> Period:
        """The month so many months from the one of the demonstration's day."""
        month = Period.holding(Period.MONTH, self.as_of)
        for _step in range(abs(months)):
            month = month.following if months > 0 else month.previous
        return month

    def day(self, months: int, nth: int) -> date:
        """The n-th open day of that month, but never after the demonstration's day."""
        return min(self.calendar.add(self.month(months).first - date.resolution, nth), self.as_of)

    def ago(self, count: int) -> date:
        """The open day so many open days before the demonstration's day."""
        return self.calendar.add(self.as_of, -count)

    def ahead(self, count: int) -> date:
        """The open day so many open days after the demonstration's day."""
        return self.calendar.add(self.as_of, count)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of that day in Japan."""
    return datetime.combine(day, time(hour, minute), TOKYO)


def create_demo_body(plan: BodyPlan, *, seed: int, as_of: date, since: date) -> Body:
    """The body with everybody in it since a day. Nothing has happened in it yet."""
    municipality = create_body(
        plan.code,
        plan.name,
        today=since,
        kana=plan.kana,
        kind=plan.kind,
        is_demo=True,
        sending=False,
        contact=f"テレワーク推進事務局({_unit(plan, plan.office).name})",
    )
    rng = Random(f"{seed} {as_of} {plan.domain}")  # noqa: S311 - invented data
    body = Body(plan, municipality, seed, as_of, rng, open_days(municipality))
    ranks = {plan.head: 1, plan.vice: 2, **RANKS}
    Post.objects.bulk_create(
        Post(municipality=municipality, title=title, rank=rank) for title, rank in ranks.items()
    )
    body.posts = {post.title: post for post in Post.objects.of(municipality)}
    body.departments[""] = Department.objects.get(municipality=municipality, code="")
    for unit in plan.units:
        body.departments[unit.code] = add_department(
            municipality,
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent=body.departments[unit.above],
            starts_on=since,
        )
    _post_everybody(body, since)
    for role in plan.accounts:
        open_account(body.part[role], role, domain=plan.account_domain or plan.domain, seed=seed)
    keep_employment_kinds(municipality, at(since))
    _give_duties(body, since)
    _set_routes(body, since)
    return body


def _unit(plan: BodyPlan, code: str) -> Unit:
    return next(unit for unit in plan.units if unit.code == code)


def _post_everybody(body: Body, since: date) -> None:
    """The cast, then everybody else by rank; whoever stands first in a department leads it."""
    names = drawn(body.rng, frozenset(part.name.written for part in body.plan.cast))
    parts: list[CastMember] = []
    for unit in (Unit("", body.plan.name, 4, KIND.BODY), *body.plan.units):
        given = sorted(
            (p for p in body.plan.cast if p.department == unit.code),
            key=lambda p: body.posts[p.post].rank,
        )
        title, role = LEADERS.get(unit.kind, ("課長", "manager"))
        if unit.code and not any(part.post == title for part in given):
            given.insert(0, CastMember(unit.code, title, next(names), (role, "staff")))
        parts += given
        parts += [
            CastMember(unit.code, _title(place), next(names), ("staff",))
            for place in range(len(given), unit.people)
        ]
    members = Member.objects.bulk_create(
        [_member(body, part, number) for number, part in enumerate(parts, 1)], batch_size=BATCH
    )
    for member, part in zip(members, parts, strict=True):
        body.people.setdefault(part.department, []).append(member)
        if part.account:
            body.part[part.account] = member
        if part.post == body.plan.vice:
            body.part["vice"] = member
    _grant(body, list(zip(members, parts, strict=True)), since)


def _title(place: int) -> str:
    """The post of the n-th person of a department: an assistant, two chiefs, then the rest."""
    return {1: "課長補佐", 2: "係長", 3: "係長", 4: "主任", 5: "主任"}.get(
        place, "主任" if place % 3 == 0 else "主事"
    )


def _member(body: Body, part: CastMember, number: int) -> Member:
    temporary = part.post == "主事" and body.rng.random() < 0.2
    return Member(
        municipality=body.body,
        number=f"{number:06d}",
        name=part.name.written,
        kana=part.name.read,
        mail=f"s{number:06d}@{body.plan.domain}",
        employment=_employment(part, temporary=temporary),
    )


def _employment(part: CastMember, *, temporary: bool) -> str:
    """特別職 by their post, people from outside by their role, everybody else as hired."""
    if part.post in SPECIAL_POSTS:
        return SPECIAL
    if "consultant" in part.roles:
        return "外部専門家"
    return "会計年度任用職員" if temporary else "正規職員"


def _grant(body: Body, posted: list[tuple[Member, CastMember]], since: date) -> None:
    """Postings and the roles they carry, in bulk as an import writes them."""
    postings = Posting.objects.bulk_create(
        [
            Posting(
                municipality=body.body,
                member=member,
                department=body.departments[part.department],
                post=body.posts[part.post],
                starts_on=since,
            )
            for member, part in posted
        ],
        batch_size=BATCH,
    )
    Grant.objects.bulk_create(
        [
            Grant(municipality=body.body, posting=posting, role=role)
            for posting, (_member, part) in zip(postings, posted, strict=True)
            for role in part.roles
        ],
        batch_size=BATCH,
    )


def _give_duties(body: Body, since: date) -> None:
    """A 庶務担当 in each section, who fills in for it, and the 情報セキュリティ責任者."""
    for unit in body.plan.answering:
        clerk = body.people[unit.code][-1]
        give_duty(
            clerk, Duty.Kind.CLERK, department=body.departments[unit.code], starts_on=since, by=None
        )
    give_duty(
        body.part["vice"],
        Duty.Kind.SECURITY,
        department=body.departments[""],
        starts_on=since,
        by=None,
    )


def _set_routes(body: Body, since: date) -> None:
    """A section's head first, then agreement, then whoever decides; an expansion asks the managers
    of the receiving departments, a monthly review ends with the section's head.
    """
    posts, top, general = body.posts, body.departments[""], body.departments[body.plan.general]
    head, vice, leader = posts[body.plan.head], posts[body.plan.vice], posts["課長"]
    ask = RouteStage(1, StepKind.APPROVE, leader)
    agree = RouteStage(2, StepKind.AGREE, leader, general)
    decide = RouteStage(3, StepKind.DECIDE, vice, top)
    settle = RouteStage(2, StepKind.DECIDE, vice, top)
    higher = RouteStage(4, StepKind.DECIDE, head, top)
    asked = [ask, agree, RouteStage(2, StepKind.AGREE), RouteStage(3, StepKind.APPROVE, vice, top)]
    routes: list[tuple[str, str, str, list[RouteStage]]] = [
        ("pilots.pilot", f"{body.plan.vice}決裁", "", [ask, agree, decide]),
        ("pilots.expansion", f"{body.plan.head}決裁", "", [*asked, higher]),
        ("evaluation.review", f"{body.plan.vice}専決", "", [ask, settle]),
        ("evaluation.review", "課長専決(月次)", "month", [RouteStage(1, StepKind.DECIDE, leader)]),
    ]
    for matter, name, variant, stages in routes:
        set_route(
            body.body,
            matter=matter,
            name=name,
            variant=variant,
            open_days=3,
            stages=stages,
            by=body.office,
            now=at(since),
        )
