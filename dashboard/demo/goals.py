"""The story of people's goals and 1on1: most goals agreed, some handed in, some late; talks held
each month.
"""

from __future__ import annotations

from datetime import timedelta

from dashboard.demo.organisation import Body, at
from evaluation.appraisal.one_on_ones.models import Pair
from evaluation.appraisal.one_on_ones.operations import (
    keep_note,
    keep_promise,
    record_talk,
    start_pair,
)
from evaluation.appraisal.schemes.operations import plan_period
from evaluation.appraisal.sheets.models import Sheet
from evaluation.appraisal.sheets.operations import (
    GoalContent,
    agree_goals,
    open_sheets,
    save_goals,
    submit_goals,
)
from municipality.core.periods import Period
from municipality.organisation.models import Member

GOALS = (
    (
        "照会回答の手順書を作り、担当者以外も答えられるようにする",
        "手順書の件数と、代わりに答えた回数",
        "B",
    ),
    ("予算要求資料の下書きを共有フォルダーで作る", "紙で回した資料の枚数を半分にする", "B"),
    ("在宅勤務の日に行う業務を毎月見直す", "見直した業務の一覧を月末に共有する", "C"),
    ("窓口の混み具合を記録し、当番を組み直す", "待ち時間の平均を5分短くする", "A"),
)
WEIGHTS = (40, 35, 25)
TOPICS = (
    "業務の進み具合と、在宅勤務の日の連絡",
    "体調と業務の量",
    "目標の進み具合",
    "電話当番の日の工夫",
    "今後やってみたい仕事",
)
MEETING_MONTHS = 4
MOST_DEPARTMENTS = 20
"""Up to so many departments everybody has written goals; in larger bodies only those of the two
waves.
"""


def load_goals(body: Body) -> None:
    """Load the sheets of the half year that was open a month ago, handed in and agreed as far as
    people got.
    """
    half = Period.holding(Period.HALF, body.as_of - timedelta(days=30))
    first = body.calendar.roll(half.first)
    name = f"令和{half.fiscal_year - 2018}年度 {'上期' if half.first.month == 4 else '下期'}"
    hr = body.actor(body.part["hr"])
    period = plan_period(
        name=name,
        starts_on=half.first,
        ends_on=half.last,
        goals_due_on=body.calendar.add(first, 24),
        agree_due_on=body.calendar.add(first, 34),
        by=hr,
    )
    open_sheets(period, by=hr, now=at(first, 9))
    codes = [unit.code for unit in body.plan.answering]
    if len(codes) > MOST_DEPARTMENTS:
        codes = [*body.plan.first[:2], *body.plan.second[:2]]
    places = {body.departments[code].pk for code in codes}
    sheets = (
        Sheet.objects.filter(period=period, department__in=places)
        .select_related("member", "period")
        .order_by("pk")
    )
    known = {member.pk: member for members in body.people.values() for member in members}
    for place, sheet in enumerate(sheets):
        _write(body, sheet, known, place)


def _write(body: Body, sheet: Sheet, known: dict[int, Member], place: int) -> None:
    """One in nine has not begun, one in six waits for the interview, the others are agreed."""
    own = sheet.member_id in {body.part["staff"].pk, body.part["manager"].pk}
    if place % 9 == 8 and not own:
        return
    member = body.actor(known[sheet.member_id])
    titles = body.rng.sample(GOALS, len(WEIGHTS))
    goals: list[GoalContent] = [
        {"title": title, "measure": measure, "weight": weight, "difficulty": difficulty}
        for (title, measure, difficulty), weight in zip(titles, WEIGHTS, strict=True)
    ]
    day = min(body.calendar.add(sheet.period.starts_on, 8 + place % 10), body.as_of)
    save_goals(sheet, goals=goals, edition=sheet.edition, by=member)
    submit_goals(sheet, by=member, now=at(day, 14))
    if (
        place % 6 != 5
        and sheet.evaluator_id in known
        and sheet.evaluator_id != body.part["vice"].pk
    ):
        agree_goals(
            sheet,
            by=body.actor(known[sheet.evaluator_id]),
            now=at(min(body.calendar.add(day, 4), body.as_of), 15),
        )


def load_talks(body: Body) -> None:
    """Let the managers of the first wave meet their people once a month."""
    for code in body.plan.first[:2]:
        manager = body.manager(code)
        pairs = [
            start_pair(member, by=manager, today=body.day(-MEETING_MONTHS, 3))
            for member in body.people[code][1:]
        ]
        for place, pair in enumerate(pairs):
            for months in range(-MEETING_MONTHS, 1):
                if (place + months) % 4 and (months < 0 or place % 3 == 0):
                    _meet(body, pair, manager, months, place)


def _meet(body: Body, pair: Pair, manager: Member, months: int, place: int) -> None:
    held = body.day(months, 5 + place % 9)
    if months == 0 and held >= body.as_of:
        return
    talk = record_talk(
        pair,
        content={
            "held_on": held,
            "minutes": body.rng.choice((20, 30, 30, 45)),
            "mode": body.rng.choice(("face", "web")),
            "topics": body.rng.choice(TOPICS),
            "shared_note": "次回までに、やり方を変えて困ったことを書き出しておく。",
            "next_on": body.calendar.add(held, 20),
        },
        promises=[
            {
                "owner": pair.member,
                "text": "在宅勤務の日に行う業務を書き出す",
                "due_on": body.calendar.add(held, 12),
            }
        ]
        if place % 2 == 0
        else [],
        by=manager,
        now=at(held, 16),
    )
    for promise in talk.promises.all():
        if months < 0 or place:
            keep_promise(
                promise, by=body.actor(pair.member), now=at(min(promise.due_on, body.as_of), 12)
            )
    if place == 0 and months == 0:
        keep_note(
            talk,
            text="本人の希望を次の異動の面談で取り上げる。",
            edition=0,
            by=manager,
            now=at(held, 17),
        )
