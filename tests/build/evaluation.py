"""A town that judges: sheets, talks and reviews in a named state. Everything goes through the
operations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair
from evaluation.appraisal.one_on_ones.operations import record_talk, start_pair
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.operations import plan_period
from evaluation.appraisal.sheets import records
from evaluation.appraisal.sheets.models import Sheet
from evaluation.appraisal.sheets.operations import (
    agree_goals,
    open_sheets,
    save_goals,
    submit_goals,
)
from evaluation.pdca.actions.models import Action
from evaluation.pdca.actions.operations import add_action
from evaluation.pdca.indicators.operations import load_indicators
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations.reviews import (
    close_review,
    request_review_decision,
    save_review,
)
from evaluation.pdca.schedule.operations import open_due_reviews
from municipality.decisions.models import Decision
from municipality.organisation.models import (
    Department,
    Member,
    Municipality,
    Post,
    Posting,
    authority_on,
)
from municipality.organisation.operations.departments import post_member
from pilots.planning.models import Pilot, PilotDepartment

from .decisions import a_route
from .municipality import a_body, a_department, a_member, at, root_of
from .pilots import decided, used

GOALS = [
    {
        "title": "窓口の待ち時間を短くする",
        "measure": "平均10分以内",
        "weight": 60,
        "difficulty": "A",
    },
    {"title": "手順書を改訂する", "measure": "9月末までに3本", "weight": 40, "difficulty": "B"},
]
TALK = {
    "held_on": date(2026, 10, 20),
    "minutes": 30,
    "mode": "face",
    "topics": "体調と負荷",
    "shared_note": "午後の在宅を試す",
    "next_on": date(2026, 11, 17),
}


@dataclass
class Town:
    """企画財政課 (課長, two people) and 税務課 (課長, one); 副町長 and 町長 above; office, HR,
    consultant and auditor beside.
    """

    body: Municipality
    root: Department
    kikaku: Department
    zeimu: Department
    chief: Member
    staff: Member
    second: Member
    tax_chief: Member
    tax_staff: Member
    deputy_mayor: Member
    mayor: Member
    office: Member
    hr: Member
    consultant: Member
    auditor: Member
    others: dict[str, Member] = field(default_factory=dict)


def a_town(code: str = "993018", **fields) -> Town:
    """The town with its people, its indicators and the route of its reviews (課長, then 副町長)."""
    body = a_body(code, **fields)
    root, soumu = root_of(body), a_department(body, "総務課")
    kikaku, zeimu = a_department(body, "企画財政課"), a_department(body, "税務課")
    load_indicators(body)
    town = Town(
        body,
        root,
        kikaku,
        zeimu,
        chief=a_member(kikaku, "manager", name="髙瀬 由紀", post="課長"),
        staff=a_member(kikaku, name="安藤 海"),
        second=a_member(kikaku, name="伊東 空"),
        tax_chief=a_member(zeimu, "manager", name="木戸 明里", post="課長"),
        tax_staff=a_member(zeimu, name="江口 森"),
        deputy_mayor=a_member(root, "executive", name="榊原 誠一", post="副町長"),
        mayor=a_member(root, "executive", name="雨宮 登", post="町長"),
        office=a_member(soumu, "office", name="西村 航"),
        hr=a_member(soumu, "hr", name="相馬 灯"),
        consultant=a_member(root, "consultant", name="三枝 千景"),
        auditor=a_member(root, "auditor", name="小野 泉"),
    )
    town.others["soumu_chief"] = a_member(soumu, "manager", name="野々村 透", post="課長")
    a_route(
        kikaku,
        (1, "approve", "課長", soumu),
        (2, "decide", "副町長", root),
        matter="evaluation.review",
        name="副町長決裁",
    )
    return town


def moved(
    member: Member, department: Department, *roles: str, on: date, post: str = "主事"
) -> Member:
    """The member's main posting ended the day before, and a new one began."""
    for posting in member.postings.on(on):
        Posting.objects.filter(pk=posting.pk).update(ends_on=date.fromordinal(on.toordinal() - 1))
    title = Post.objects.get(municipality=department.municipality_id, title=post)
    post_member(
        member, department=department, post=title, roles=list(roles) or ["staff"], starts_on=on
    )
    return Member.objects.get(pk=member.pk)


def a_period(town: Town, name: str = "令和8年度 下期") -> EvaluationPeriod:
    """A planned period from October to March."""
    return plan_period(
        name=name,
        starts_on=date(2026, 10, 1),
        ends_on=date(2027, 3, 31),
        goals_due_on=date(2026, 10, 16),
        agree_due_on=date(2026, 10, 30),
        by=town.hr,
    )


def an_open_period(town: Town) -> EvaluationPeriod:
    """A period whose sheets were opened on 1 October."""
    period = a_period(town)
    open_sheets(period, by=town.hr, now=at(2026, 10, 1))
    return period


def sheet_of(member: Member, period: EvaluationPeriod) -> Sheet:
    """The member's sheet, as it stands."""
    found = records.sheet_of(member, period)
    assert found is not None
    return found


def a_written(
    town: Town, period: EvaluationPeriod | None = None, member: Member | None = None
) -> Sheet:
    """A sheet with two goals whose weights sum to 100."""
    member = member or town.staff
    sheet = sheet_of(member, period or an_open_period(town))
    return save_goals(sheet, goals=GOALS, edition=sheet.edition, by=member)


def a_submitted(
    town: Town, period: EvaluationPeriod | None = None, member: Member | None = None
) -> Sheet:
    """A sheet that was handed in on 13 October."""
    return submit_goals(
        a_written(town, period, member), by=member or town.staff, now=at(2026, 10, 13)
    )


def an_agreed(
    town: Town, period: EvaluationPeriod | None = None, member: Member | None = None
) -> Sheet:
    """A sheet agreed by its evaluator on 20 October."""
    sheet = a_submitted(town, period, member)
    return agree_goals(sheet, by=sheet.evaluator, now=at(2026, 10, 20))


def a_pair(town: Town, member: Member | None = None) -> Pair:
    """企画財政課長 and one of the people, since 1 October."""
    return start_pair(member or town.staff, by=town.chief, today=date(2026, 10, 1))


def a_talk(town: Town, pair: Pair | None = None, *, promises=None, **facts) -> OneOnOne:
    """A talk on 20 October with one promise of the member."""
    pair = pair or a_pair(town)
    if promises is None:
        promises = [
            {"owner": pair.member, "text": "在宅の日を週1日試す", "due_on": date(2026, 11, 6)}
        ]
    return record_talk(
        pair,
        content={**TALK, **facts},
        promises=promises,
        by=pair.manager,
        now=at(2026, 10, 20, 15),
    )


def a_pilot_between(
    department: Department, lead: Member, first: date, last: date, *, over: bool = False
) -> Pilot:
    """A pilot that ran from one day to another, set down as it stands: what led to its start is not
    of interest here.
    """
    finished = {
        "state": "finished",
        "outcome": "stop",
        "finished_at": at(last.year, last.month, last.day, 17),
    }
    pilot = Pilot.objects.create(
        municipality_id=department.municipality_id,
        name=f"試行 {first}",
        purpose="試験",
        starts_on=first,
        ends_on=last,
        lead=lead,
        planned_at=at(first.year, first.month, first.day),
        started_at=at(first.year, first.month, first.day),
        report_due_on=last,
        **(finished if over else {"state": "running"}),
    )
    PilotDepartment.objects.create(
        municipality_id=department.municipality_id, pilot=pilot, department=department
    )
    return pilot


def a_worked_month(town: Town) -> None:
    """October 2026: a pilot runs in 企画財政課, and both of its people teleworked."""
    a_pilot_between(town.kikaku, town.chief, date(2026, 10, 1), date(2027, 3, 31))
    used(town.staff, town.kikaku, date(2026, 10, 5), date(2026, 10, 6))
    used(town.second, town.kikaku, date(2026, 10, 7))


def reviews_opened(town: Town, now: datetime | None = None) -> int:
    """The clock strikes: 2 November, the first open day after October, when nothing else is
    said.
    """
    return open_due_reviews(town.body, now or at(2026, 11, 2))


def a_review(town: Town, department: Department | None = None, *, cadence: str = "month") -> Review:
    """The open review of October 2026, of a department or (None) of the body itself."""
    if not Review.objects.of(town.body).exists():
        a_worked_month(town)
        reviews_opened(town)
    return Review.objects.select_related("department", "municipality").get(
        municipality=town.body, cadence=cadence, first=date(2026, 10, 1), department=department
    )


def with_action(
    review: Review, by: Member, *, complete: bool = True, what: str = "窓口当番の応援体制を組む"
) -> Action:
    """An action in the review; without `complete` it lacks the day."""
    due_on = date(2026, 11, 27) if complete else None
    return add_action(review, what=what, who=by, due_on=due_on, by=by, now=at(2026, 11, 4))


TEXTS = {
    "plan_text": "実施率を36%以上にする",
    "do_text": "2課で継続し、当番を組み直した",
    "check_text": "窓口の当番の日に実施しにくい",
    "act_text": "当番の日を月2日にまとめる",
}


def a_written_review(town: Town, department: Department | None = None) -> Review:
    """A review whose four texts are written, by the department's manager or the office."""
    return written(a_review(town, department), town.chief if department else town.office)


def written(review: Review, by: Member) -> Review:
    """The review with its four texts."""
    return save_review(review, **TEXTS, edition=review.edition, by=by)


def a_closed(town: Town, department: Department | None = None) -> Review:
    """A review closed on 6 November, by the department's manager or the office."""
    review = a_written_review(town, department)
    return close_review(
        review, by=town.chief if department else town.office, now=at(2026, 11, 6, 18, 2)
    )


def a_deciding(town: Town) -> tuple[Review, Decision]:
    """The review of 企画財政課 on its way through its decision."""
    review = a_closed(town, town.kikaku)
    decision = request_review_decision(review, by=town.chief, now=at(2026, 11, 9))
    return review, decision


def a_decided(town: Town) -> Review:
    """A review whose decision was made on 10 November."""
    review, decision = a_deciding(town)
    decided(decision, town.others["soumu_chief"], town.deputy_mayor, now=at(2026, 11, 10))
    review.refresh_from_db()
    return review


def today_is(member: Member, day: date) -> Member:
    """The member as a request on that day would see them."""
    member = Member.objects.select_related("municipality").get(pk=member.pk)
    member.authority = authority_on(member, day)
    return member
