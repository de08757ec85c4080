"""A round of readiness, and assessments in each of their states, reached through the operations."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from municipality.organisation.models import Department, Member, Municipality
from rollout.readiness.models import Assessment, Round
from rollout.readiness.operations.answers import save_answers, submit_assessment
from rollout.readiness.operations.reviews import confirm_assessment, return_assessment
from rollout.readiness.operations.rounds import close_round, open_round

from .municipality import at

OPENED = at(2026, 10, 1)
DUE_ON = date(2026, 11, 6)


def a_round(
    body: Municipality,
    by: Member,
    name: str = "第1回",
    *,
    due_on: date = DUE_ON,
    now: datetime = OPENED,
    departments: list | None = None,
) -> Round:
    """An open round in which every answering department of the day is asked."""
    return open_round(body, name=name, due_on=due_on, by=by, now=now, departments=departments)


def closed(round_: Round, by: Member, now: datetime = OPENED) -> Round:
    """The round takes no more answers."""
    return close_round(round_, by=by, now=now)


def an_assessment(round_: Round, department: Department) -> Assessment:
    """The department's assessment as the round opened it: not started."""
    return Assessment.objects.select_related("round", "department").get(
        round=round_, department=department
    )


def levels_of(
    assessment: Assessment, level: int = 3, **by_code: int
) -> dict[int, tuple[int | None, str]]:
    """The same level for every criterion, others for the codes named (D2=1). What is lowered
    against the round before has its reason.
    """
    rows = assessment.answers.values_list("criterion", "criterion__code", "previous_level")
    entered = {number: (by_code.get(code, level), before) for number, code, before in rows}
    return {
        number: (now, "担当が替わったため" if (now or 0) < (before or 0) else "")
        for number, (now, before) in entered.items()
    }


def mend(assessment: Assessment, code: str, by: Member, now: datetime = OPENED) -> Assessment:
    """One answer gets another comment, as after 差戻し."""
    answer = assessment.answers.get(criterion__code=code)
    assessment.refresh_from_db()
    return save_answers(
        assessment,
        levels={answer.criterion_id: (answer.own_level, f"{answer.comment}根拠は台帳。")},
        edition=assessment.edition,
        by=by,
        now=now,
    )


def entering(
    round_: Round,
    department: Department,
    by: Member,
    level: int = 3,
    now: datetime = OPENED,
    **by_code: int,
) -> Assessment:
    """All questions are answered, nothing is submitted."""
    assessment = an_assessment(round_, department)
    return save_answers(
        assessment,
        levels=levels_of(assessment, level, **by_code),
        edition=assessment.edition,
        by=by,
        now=now,
    )


def submitted(
    round_: Round,
    department: Department,
    by: Member,
    level: int = 3,
    now: datetime = OPENED,
    **by_code: int,
) -> Assessment:
    """Submitted by the manager."""
    return submit_assessment(
        entering(round_, department, by, level, now, **by_code), by=by, now=now + timedelta(days=1)
    )


def returned(
    round_: Round, department: Department, by: Member, office: Member, now: datetime = OPENED
) -> Assessment:
    """Sent back by the office."""
    return return_assessment(
        submitted(round_, department, by, now=now),
        remark="D2の根拠を書いてください。",
        by=office,
        now=now,
    )


def confirmed(
    round_: Round,
    department: Department,
    by: Member,
    office: Member,
    *,
    level: int = 3,
    now: datetime = OPENED,
    **by_code: int,
) -> Assessment:
    """Confirmed by the office as the department answered; it looked at the 必須条件."""
    assessment = submitted(round_, department, by, level, now, **by_code)
    return confirm_assessment(
        assessment, by=office, now=now + timedelta(days=5), reviewed=conditions_of(assessment)
    )


def conditions_of(assessment: Assessment) -> dict[int, tuple[int | None, str]]:
    """The own levels of the 必須条件, as a reviewer who agrees enters them."""
    rows = assessment.answers.filter(criterion__blocker=True)
    return {number: (level, "") for number, level in rows.values_list("criterion", "own_level")}


def form_of(assessment: Assessment, axis: str = "documents", level: str = "3") -> dict[str, str]:
    """What the form of an axis sends: the same level for each of its criteria."""
    rows = assessment.answers.filter(criterion__axis=axis).values_list("criterion", flat=True)
    return {f"level_{number}": level for number in rows} | {"edition": str(assessment.edition)}
