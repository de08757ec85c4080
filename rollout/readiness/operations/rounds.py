"""Rounds: opened for the departments of the day with the last confirmed answers beside the empty
ones, extended, joined by a department, closed, opened again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import leadership_on
from municipality.organisation.models import Department, Duty, Member, Municipality
from municipality.organisation.open_days import open_days
from rollout.readiness.models import Answer, Assessment, Criterion, Round
from rollout.readiness.operations.answers import refuse_unless_answering
from rollout.readiness.operations.catalogue import current_version
from rollout.readiness.rules import may_open_round, why_not_due
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
    Raises Conflict while a round is open, and for a day on which nothing can be due.
    """
    require(may_open_round(by))
    today = timezone.localdate(now)
    asked = list(
        Department.objects.of(body).on(today).answering() if departments is None else departments
    )
    _refuse_beside_open(body.pk)
    if not asked:
        raise Conflict(_("回答する部署がありません。先に組織を登録してください。"))
    _refuse_day(body.pk, due_on, earliest=today, now=now)
    round_ = _create(municipality=body, name=name, opens_on=today, due_on=due_on, opened_by=by)
    _tell(_ask(round_, asked), "readiness.opened", now)
    record(
        by, "readiness.round_opened", round_, due_on=due_on, departments=[row.pk for row in asked]
    )
    return round_


@operation
def add_department(
    round_: Round, department: Department, *, by: Member, now: datetime
) -> Assessment:
    """Ask one more department in a running round, with the round's due date."""
    require(may_open_round(by, round_))
    _refuse_unless_open(round_)
    if round_.assessments.filter(department=department).exists():
        raise Conflict(
            _("%(department)sは、すでにこの準備度評価の対象です。") % {"department": department},
            round_.get_absolute_url(),
        )
    asked = _ask(round_, [department])
    _tell(asked, "readiness.opened", now)
    record(by, "readiness.department_added", round_, department=department.pk)
    return asked[0]


@operation
def extend_round(round_: Round, *, due_on: date, by: Member, now: datetime) -> Round:
    """Set a later due date for all whose answers are still with them; the managers are told
    again.
    """
    require(may_open_round(by, round_))
    _refuse_unless_open(round_)
    _refuse_day(round_.municipality_id, due_on, earliest=round_.earliest_new_due_on, now=now)
    waiting = _postpone(round_, due_on)
    before = round_.due_on
    change(round_, edition=round_.edition, due_on=due_on)
    _tell(waiting, "readiness.extended", now)
    record(by, "readiness.round_extended", round_, before=before, due_on=due_on)
    return round_


@operation
def extend_assessment(
    assessment: Assessment, *, due_on: date, by: Member, now: datetime
) -> Assessment:
    """Set a later due date for one department."""
    require(may_open_round(by, assessment.round))
    refuse_unless_answering(assessment)
    earliest = assessment.earliest_new_due_on
    _refuse_day(assessment.municipality_id, due_on, earliest=earliest, now=now)
    before = assessment.due_on
    change(assessment, edition=assessment.edition, due_on=due_on)
    _tell([assessment], "readiness.extended", now)
    record(by, "readiness.extended", assessment, before=before, due_on=due_on)
    return assessment


@operation
def reopen_round(round_: Round, *, due_on: date, by: Member, now: datetime) -> Round:
    """Take answers again until a due date that is not before the present one. Raises Conflict while
    another round is open.
    """
    require(may_open_round(by, round_))
    _refuse_beside_open(round_.municipality_id)
    _refuse_day(round_.municipality_id, due_on, earliest=round_.earliest_new_due_on, now=now)
    move(round_, Round.State.OPEN, closed_by=None, closed_at=None, due_on=due_on)
    _tell(_postpone(round_, due_on), "readiness.extended", now)
    record(by, "readiness.round_reopened", round_, due_on=due_on)
    return round_


def _postpone(round_: Round, due_on: date) -> list[Assessment]:
    """Give the assessments that are with their departments the later due date; those concerned."""
    answering = round_.assessments.filter(state__in=Assessment.ANSWERING)
    answering.filter(due_on__lt=due_on).update(due_on=due_on)
    return list(answering.select_related("department", "round"))


@operation
def close_round(round_: Round, *, by: Member, now: datetime) -> Round:
    """Close the round for answers. Submitted assessments can still be reviewed and confirmed."""
    require(may_open_round(by, round_))
    move(round_, Round.State.CLOSED, closed_by=by, closed_at=now)
    record(by, "readiness.round_closed", round_)
    return round_


def _refuse_beside_open(municipality: str) -> None:
    """One round at a time is open."""
    open_now = Round.objects.of(municipality).filter(state=Round.State.OPEN).first()
    if open_now:
        raise Conflict(
            _("「%(round)s」が受付中です。締め切ってから次回の受付を開始してください。")
            % {"round": open_now},
            open_now.get_absolute_url(),
        )


def _refuse_unless_open(round_: Round) -> None:
    if not round_.is_open:
        raise Conflict(
            _("「%(round)s」は受付を締め切っています。") % {"round": round_},
            round_.get_absolute_url(),
        )


def _refuse_day(municipality: str, due_on: date, *, earliest: date, now: datetime) -> None:
    today, calendar = timezone.localdate(now), open_days(municipality)
    if reason := why_not_due(due_on, earliest=earliest, today=today, calendar=calendar):
        raise Conflict(reason)


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
        raise Conflict(
            _("ほかの人が先に受付を開始しました。いまの内容を確認してください。")
        ) from None


def _ask(round_: Round, departments: list[Department]) -> list[Assessment]:
    """An assessment per department and an empty answer per criterion, beside it what was confirmed
    last.
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
            _empty(row, item, before.get((row.department_id, item.code))) for item in criteria
        ]
        for row in rows
    }
    for row in rows:
        row.scores = score(answers[row.department_id]).write()
    Assessment.objects.bulk_create(rows, batch_size=BATCH)
    Answer.objects.bulk_create(
        (answer for unsaved in answers.values() for answer in unsaved), batch_size=BATCH
    )
    return rows


def _empty(assessment: Assessment, criterion: Criterion, last: Answer | None) -> Answer:
    return Answer(
        municipality_id=assessment.municipality_id,
        assessment=assessment,
        criterion=criterion,
        previous_level=last.level if last else None,
        previous_comment=last.comment if last else "",
    )


def _last_confirmed(body: str, departments: list[Department]) -> dict[tuple[int, str], Answer]:
    """The answers of each department's newest confirmed assessment, by department number and
    code.
    """
    asked = Assessment.objects.of(body).filter(department__in=departments)
    newest = {row.pk: number for number, row in asked.newest_confirmed().items()}
    rows = Answer.objects.filter(assessment__in=newest).select_related("criterion")
    return {(newest[row.assessment_id], row.criterion.code): row for row in rows}


def _tell(assessments: list[Assessment], rule: str, now: datetime) -> None:
    """Tell who answers for the departments: the managers and 庶務担当 of the day, each once with the
    first of their departments.
    """
    if not assessments:
        return
    day = timezone.localdate(now)
    first_of: dict[Member, Assessment] = {}
    for member, assessment in _answering_people(assessments, day):
        first_of.setdefault(member, assessment)
    for member, assessment in first_of.items():
        notify(
            member,
            rule,
            assessment,
            due_on=assessment.due_on,
            now=now,
            round=assessment.round.name,
            department=assessment.department.name,
        )


def _answering_people(
    assessments: list[Assessment], day: date
) -> Iterator[tuple[Member, Assessment]]:
    """The nearest managers of each department, and who carries its duty of 庶務担当."""
    body = assessments[0].municipality_id
    leadership = leadership_on(body, day)
    clerks: dict[int, list[int]] = defaultdict(list)
    for duty in Duty.objects.of(body).clerks(day):
        clerks[duty.department_id].append(duty.member_id)
    people = {
        row.pk: [*leadership.nearest("manager", row.department.path), *clerks[row.department_id]]
        for row in assessments
    }
    known = Member.objects.of(body).filter(is_active=True).select_related("municipality")
    members = known.in_bulk({number for numbers in people.values() for number in numbers})
    for row in assessments:
        for number in people[row.pk]:
            if number in members:
                yield members[number], row
