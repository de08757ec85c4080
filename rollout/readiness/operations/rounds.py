"""Opening a round for the departments of the day, starting from the last confirmed answers, and
closing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.organisation.models import Department, Member, Municipality
from rollout.readiness.models import Answer, Assessment, Criterion, Round
from rollout.readiness.operations.catalogue import current_version
from rollout.readiness.rules import may_open_round
from rollout.readiness.scores import score

BATCH = 500


@operation
def open_round(
    body: Municipality,
    *,
    name: str,
    due_on: date,
    by: Member,
    now: datetime,
    departments: Iterable[Department] | None = None,
) -> Round:
    """Open a round for the departments (without `departments`: all answering ones of the day).
    Raises Conflict while a round is open.
    """
    require(may_open_round(by))
    today = timezone.localdate(now)
    asked = list(
        Department.objects.of(body).on(today).answering() if departments is None else departments
    )
    _refuse_if_impossible(body, asked, due_on, today)
    round_ = _create(municipality=body, name=name, opens_on=today, due_on=due_on, opened_by=by)
    _ask(round_, asked)
    record(
        by, "readiness.round_opened", round_, due_on=due_on, departments=[row.pk for row in asked]
    )
    return round_


@operation
def close_round(round_: Round, *, by: Member, now: datetime) -> Round:
    """Close the round for answers. Submitted assessments can still be reviewed and confirmed."""
    require(may_open_round(by, round_))
    move(round_, Round.State.CLOSED, closed_by=by, closed_at=now)
    record(by, "readiness.round_closed", round_)
    return round_


def _refuse_if_impossible(
    body: Municipality, asked: list[Department], due_on: date, today: date
) -> None:
    open_now = Round.objects.of(body).filter(state=Round.State.OPEN).first()
    if open_now:
        raise Conflict(
            _("「%(round)s」が受付中です。終了してから次の回を始めてください。")
            % {"round": open_now},
            open_now.get_absolute_url(),
        )
    if not asked:
        raise Conflict(_("回答する部署がありません。先に組織を登録してください。"))
    if due_on < today:
        raise Conflict(_("提出の期限が過ぎています。今日以降の日にしてください。"))


def _create(*, municipality: Municipality, **values: Any) -> Round:
    """New round with the next number. Raises Conflict, by the unique keys, when another one was
    opened at the same time.
    """
    newest = (
        Round.objects.of(municipality).order_by("-number").values_list("number", flat=True).first()
    )
    version = current_version(municipality)
    try:
        with transaction.atomic():
            return Round.objects.create(
                municipality=municipality,
                number=(newest or 0) + 1,
                catalogue_version=version,
                **values,
            )
    except IntegrityError:
        raise Conflict(_("ほかの人が先に回を始めました。いまの内容を確認してください。")) from None


def _ask(round_: Round, departments: list[Department]) -> None:
    """Create an assessment for each department and an answer for each criterion; carried-over
    answers keep their scores.
    """
    criteria = list(
        Criterion.objects.of(round_.municipality_id).filter(
            catalogue_version=round_.catalogue_version
        )
    )
    before = _last_confirmed(round_.municipality_id, departments)
    rows = [
        Assessment(
            municipality_id=round_.municipality_id,
            round=round_,
            department=department,
            due_on=round_.due_on,
        )
        for department in departments
    ]
    answers = {
        row.department_id: [
            _start(row, item, before.get((row.department_id, item.code))) for item in criteria
        ]
        for row in rows
    }
    for row in rows:
        row.scores = score(answers[row.department_id]).write()
    Assessment.objects.bulk_create(rows, batch_size=BATCH)
    Answer.objects.bulk_create(
        (answer for unsaved in answers.values() for answer in unsaved), batch_size=BATCH
    )


def _start(assessment: Assessment, criterion: Criterion, last: Answer | None) -> Answer:
    return Answer(
        municipality_id=assessment.municipality_id,
        assessment=assessment,
        criterion=criterion,
        own_level=last.level if last else None,
        comment=last.comment if last else "",
        previous_level=last.level if last else None,
    )


def _last_confirmed(body: str, departments: list[Department]) -> dict[tuple[int, str], Answer]:
    """Newest confirmed answer of each department to each criterion, by department number and code."""
    confirmed = Answer.objects.of(body).filter(
        assessment__state=Assessment.State.CONFIRMED, assessment__department__in=departments
    )
    rows = confirmed.select_related("criterion", "assessment").order_by("assessment__round__number")
    return {(row.assessment.department_id, row.criterion.code): row for row in rows}
