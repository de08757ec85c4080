"""MBO: opening a period's sheets, writing goals, submitting and agreeing them, and handing sheets
over at a transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.appraisal.access.evaluators import evaluator_of, staff_on
from evaluation.appraisal.schemes.models import EvaluationPeriod
from evaluation.appraisal.schemes.rules import may_run_periods
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.appraisal.sheets.rules import may_agree, may_write_goals
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.transitions import change, differing, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import leadership_on
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days

MOST_GOALS = 5

WHOLE = 100

DAYS_TO_AGREE = 5
"""Open days (開庁日) an evaluator has at least after goals were handed in."""

DAYS_TO_MEND = 5
"""Open days a person has at least after goals were sent back."""


class GoalContent(TypedDict):
    """One goal as entered: title, measure, weight in percent, difficulty A, B or C."""

    title: str
    measure: str
    weight: int
    difficulty: str


@operation
def open_sheets(period: EvaluationPeriod, *, by: Member, now: datetime) -> int:
    """Open a sheet for everybody who works in the body today and has an evaluator above; how many
    are new.

    Done again, it adds those who came since. Each sheet keeps the person's department and evaluator
    of that day.
    """
    require(may_run_periods(by, period))
    if period.state == EvaluationPeriod.State.PLANNED:
        move(period, EvaluationPeriod.State.OPEN, opened_at=now)
    opened = _new_sheets(period, now)
    Sheet.objects.bulk_create(opened, batch_size=500)
    record(by, "sheet.opened", period, count=len(opened))
    return len(opened)


def _new_sheets(period: EvaluationPeriod, now: datetime) -> list[Sheet]:
    today, body = timezone.localdate(now), period.municipality_id
    leadership = leadership_on(body, today)
    known = set(Sheet.objects.filter(period=period).values_list("member", flat=True))
    due_on = max(period.goals_due_on, open_days(body).add(today, DAYS_TO_MEND))
    rows = []
    for member_id, (department_id, path) in staff_on(body, today).items():
        evaluator = evaluator_of(leadership, member_id, path)
        if member_id not in known and evaluator is not None:
            rows.append(
                Sheet(
                    municipality_id=body,
                    period=period,
                    member_id=member_id,
                    department_id=department_id,
                    evaluator_id=evaluator,
                    opened_at=now,
                    goals_due_on=due_on,
                )
            )
    return rows


@operation
def save_goals(sheet: Sheet, *, goals: Sequence[GoalContent], edition: int, by: Member) -> Sheet:
    """Replace the goals, in this order. Raises Conflict when they are submitted, too many, or
    stale.
    """
    require(may_write_goals(by, sheet))
    _require_open(sheet)
    if len(goals) > MOST_GOALS:
        raise Conflict(_("目標は%(most)s個までです。") % {"most": MOST_GOALS})
    change(sheet, edition=edition, beside=lambda: _beside(sheet, goals))
    sheet.goals.all().delete()
    Goal.objects.bulk_create(
        Goal(municipality_id=sheet.municipality_id, sheet=sheet, order=order, **values)
        for order, values in enumerate(goals, start=1)
    )
    record(by, "sheet.saved", sheet, goals=len(goals))
    return sheet


def _beside(sheet: Sheet, typed: Sequence[GoalContent]) -> list[Difference]:
    """Differences between the stored goals and the typed ones, by position."""
    stand = [f"{goal.title}\n{goal.measure}" for goal in sheet.goals.all()]
    wanted = [f"{values['title']}\n{values['measure']}" for values in typed]
    pairs = enumerate(zip_longest(stand, wanted, fillvalue=""), start=1)
    differences = [
        differing(_("目標%(number)s") % {"number": number}, now, text)
        for number, (now, text) in pairs
    ]
    return [item for item in differences if item]


def _require_open(sheet: Sheet) -> None:
    if not sheet.is_open_to_its_member:
        raise Conflict(why_fixed(sheet), sheet.get_absolute_url())


def why_fixed(sheet: Sheet) -> str:
    """Why the person cannot change the goals now, and who can do what about it."""
    if sheet.state == Sheet.State.AGREED:
        return _(
            "面談で確定した目標は、本人も評価者も変更できません。この評価期間は、確定した内容で進めます。"
        )
    return _("提出した目標は変更できません。直すときは、評価者に差戻しを依頼してください。")


@operation
def submit_goals(sheet: Sheet, *, by: Member, now: datetime) -> Sheet:
    """Submit the goals. Raises Conflict unless there are goals and their weights sum to 100."""
    require(may_write_goals(by, sheet))
    _require_open(sheet)
    weight = sum(sheet.goals.values_list("weight", flat=True))
    if weight != WHOLE:
        raise Conflict(
            _("ウエイトの合計を100%%にしてから提出してください。いまの合計は%(weight)s%%です。")
            % {"weight": weight}
        )
    earliest = open_days(sheet.municipality_id).add(timezone.localdate(now), DAYS_TO_AGREE)
    due_on = max(sheet.period.agree_due_on, earliest)
    move(sheet, Sheet.State.SUBMITTED, submitted_at=now, agree_due_on=due_on, return_comment="")
    record(by, "sheet.submitted", sheet)
    return sheet


@operation
def agree_goals(sheet: Sheet, *, by: Member, now: datetime) -> Sheet:
    """Agree to the goals after the interview (期首面談). They are fixed from then on."""
    require(may_agree(by, sheet))
    move(sheet, Sheet.State.AGREED, agreed_by=by, agreed_at=now)
    record(by, "sheet.agreed", sheet)
    notify(sheet.member, "sheet.agreed", sheet, now=now, period=sheet.period.name)
    return sheet


@operation
def return_goals(sheet: Sheet, *, comment: str, by: Member, now: datetime) -> Sheet:
    """Return the goals with a reason, which is required; the person gets some open days to correct
    them.
    """
    require(may_agree(by, sheet))
    if not comment.strip():
        raise Conflict(_("差戻しの理由を入力してください。"))
    due_on = max(
        sheet.goals_due_on,
        open_days(sheet.municipality_id).add(timezone.localdate(now), DAYS_TO_MEND),
    )
    move(sheet, Sheet.State.RETURNED, return_comment=comment.strip(), goals_due_on=due_on)
    record(by, "sheet.returned", sheet)
    notify(
        sheet.member,
        "sheet.returned",
        sheet,
        stage=f"e{sheet.edition}",
        now=now,
        period=sheet.period.name,
    )
    return sheet
