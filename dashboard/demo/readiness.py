"""The story's readiness rounds: a first one confirmed everywhere, a second one on its way."""

from __future__ import annotations

from datetime import date

from dashboard.demo.organisation import Body, at
from rollout.readiness.models import Answer, Assessment, Axis, Criterion, Round
from rollout.readiness.operations.answers import save_answers, submit_assessment
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.operations.exceptions import grant_exception
from rollout.readiness.operations.reviews import confirm_assessment, return_assessment
from rollout.readiness.operations.rounds import close_round, open_round

# Mean level by axis, as departments of their kind tend to stand: desk work high, counters and sites
# low.
BASE = {
    "総務": (3.1, 2.8, 3.0, 2.9, 3.1, 2.7),
    "企画": (3.4, 3.0, 3.1, 3.2, 3.1, 3.3),
    "税務": (2.2, 1.9, 2.6, 2.6, 2.8, 2.4),
    "住民": (1.1, 1.5, 2.3, 2.1, 2.5, 1.8),
    "市民": (1.1, 1.5, 2.3, 2.1, 2.5, 1.8),
    "福祉": (1.5, 1.7, 2.4, 2.3, 2.5, 2.1),
    "建設": (1.8, 1.6, 2.5, 2.0, 2.6, 1.9),
}
USUAL = (2.4, 2.3, 2.7, 2.4, 2.7, 2.5)
UNMET = {"税務課": "I2", "住民課": "D2", "建設課": "I2"}
"""Departments with a 必須条件 that is not met in the second round, and which."""
EXCEPTION_REASON = (
    "試行の対象を、資料の作成、照会への回答など庁内の業務システムに接続しない業務に限るため、"
    "接続の方式の検証を待たずに始めても、情報の安全に支障がないと認める。"
)
EXCEPTION_CONDITIONS = (
    "業務システムと住民の個人情報は扱わない。接続の方式の検証が終わるまで、対象の業務を広げない。"
)
COMMENTS = (
    "共有フォルダーの整理を進めています。",
    "窓口の当番表を見直しました。",
    "紙の台帳が残っています。",
    "課内で手順を共有しました。",
)
LOWERED = (
    "担当者の異動により、手順の引継ぎを進めています。",
    "対象の業務を見直し、確認し直した結果の段階にしました。",
)
"""What a department says where it is a level lower than in the first round."""

RETURNED_ITEMS = ("I1", "I3")
"""What the office sent back to the department of the demonstration's office."""


def load_readiness(body: Body) -> None:
    """Load both rounds as of the demonstration's day."""
    load_criteria(body.body)
    first = _open(body, "第1回", body.day(-8, 3), body.day(-8, 18))
    for assessment in _assessments(first):
        _answer(body, assessment, body.day(-8, 8), lift=-0.3)
        confirm_assessment(
            assessment,
            by=body.office,
            now=at(body.day(-7, 2), 14),
            reviewed=_conditions(assessment),
        )
    close_round(first, by=body.office, now=at(body.day(-7, 3)))
    second = _open(body, "第2回", body.day(-1, 4), body.ago(3))
    _second(body, _assessments(second))
    _pass_over(body, second)


def _open(body: Body, name: str, opens_on: date, due_on: date) -> Round:
    asked = [body.departments[unit.code] for unit in body.plan.answering]
    return open_round(
        body.body,
        name=name,
        due_on=max(due_on, opens_on),
        by=body.office,
        now=at(opens_on, 9),
        departments=asked,
    )


def _assessments(asked: Round) -> list[Assessment]:
    return list(
        asked.assessments.select_related("department", "round").order_by("department__path")
    )


def _second(body: Body, assessments: list[Assessment]) -> None:
    """Most are confirmed; one came back, one waits for the office, one is late, and one has not
    begun.
    """
    home = body.departments[body.plan.office].pk
    late = {assessments[-3].pk} | {row.pk for row in assessments[60::40]}
    waiting = {assessments[4].pk} | {row.pk for row in assessments[50::30]}
    for assessment in assessments:
        if assessment.pk in late:
            _begin(body, assessment)
            continue
        _answer(body, assessment, body.ago(8), lift=0.2)
        if assessment.department_id == home:
            _send_back(body, assessment)
        elif assessment.pk not in waiting:
            confirm_assessment(
                assessment,
                by=body.office,
                now=at(body.ago(6), 16),
                reviewed=_conditions(assessment) | _reviewed(body, assessment),
            )


def _send_back(body: Body, assessment: Assessment) -> None:
    """Two items came back for the name of the paper that was looked at."""
    return_assessment(
        assessment,
        remark="情報システムの2項目について、確認した資料の名前をコメントに書いてください。",
        remarks={
            answer.criterion_id: "確認した資料の名前を書いてください。"
            for answer in assessment.answers.filter(criterion__code__in=RETURNED_ITEMS)
        },
        by=body.office,
        now=at(body.ago(2), 15),
    )


def _pass_over(body: Body, second: Round) -> None:
    """The deputy mayor passes over what the departments of the second wave do not meet: the
    expansion that is asked for afterwards shows it to the mayor.
    """
    wave = [body.departments[code].pk for code in body.plan.second]
    rows = Answer.objects.filter(
        assessment__round=second,
        assessment__department__in=wave,
        assessment__state=Assessment.State.CONFIRMED,
        criterion__blocker=True,
    ).select_related("criterion", "assessment__department", "assessment__round")
    for answer in rows:
        if answer.is_blocking:
            grant_exception(
                answer,
                reason=EXCEPTION_REASON,
                conditions=EXCEPTION_CONDITIONS,
                valid_until=body.month(7).last,
                by=body.actor(body.part["vice"]),
                now=at(body.ago(5), 10),
            )


def _conditions(assessment: Assessment) -> dict[int, tuple[int | None, str]]:
    """The office agrees with what the department says of the 必須条件."""
    rows = assessment.answers.filter(criterion__blocker=True)
    return {number: (level, "") for number, level in rows.values_list("criterion", "own_level")}


def _begin(body: Body, assessment: Assessment) -> None:
    """Some answers only."""
    levels = dict(list(_levels(body, assessment, lift=0).items())[:9])
    manager = body.manager(assessment.department.code)
    save_answers(
        assessment, levels=levels, edition=assessment.edition, by=manager, now=at(body.ago(5), 11)
    )


def _answer(body: Body, assessment: Assessment, day: date, *, lift: float) -> None:
    manager = body.manager(assessment.department.code)
    levels = _levels(body, assessment, lift=lift)
    save_answers(assessment, levels=levels, edition=assessment.edition, by=manager, now=at(day, 11))
    submit_assessment(assessment, by=manager, now=at(day, 17, 5))


def _levels(
    body: Body, assessment: Assessment, *, lift: float
) -> dict[int, tuple[int | None, str]]:
    """A level per criterion around the department's mean of the axis, with a comment now and
    then.
    """
    name, rng = assessment.department.name, body.rng
    means = next((means for start, means in BASE.items() if name.startswith(start)), USUAL)
    unmet = UNMET.get(name) if lift >= 0 else None
    before = dict(assessment.answers.values_list("criterion", "previous_level"))
    levels: dict[int, tuple[int | None, str]] = {}
    for criterion in _criteria(body):
        mean = means[list(Axis).index(Axis(criterion.axis))] + lift
        level = min(4, max(criterion.blocker_level, round(rng.gauss(mean, 0.6)), 0))
        level = criterion.blocker_level - 1 if criterion.code == unmet else level
        comment = rng.choice(COMMENTS) if rng.random() < 0.08 else ""
        lowered = level < (before.get(criterion.pk) or 0)
        levels[criterion.pk] = (level, LOWERED[level % len(LOWERED)] if lowered else comment)
    return levels


def _reviewed(body: Body, assessment: Assessment) -> dict[int, tuple[int | None, str]]:
    """The office sees one answer in some departments a level lower."""
    answers = [
        answer
        for answer in assessment.answers.select_related("criterion")
        if (answer.own_level or 0) > 2
    ]
    if not answers or body.rng.random() < 0.5:
        return {}
    answer = body.rng.choice(answers)
    return {
        answer.criterion_id: ((answer.own_level or 1) - 1, "資料で確認できた範囲の段階にしました。")
    }


def _criteria(body: Body) -> list[Criterion]:
    return list(Criterion.objects.of(body.body).order_by("order"))
