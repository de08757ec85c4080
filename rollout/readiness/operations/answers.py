"""Answering by the department, as often as it likes, and submission by its manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.transitions import change, differing, move, too_late
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from rollout.readiness.models import Answer, Assessment
from rollout.readiness.rules import may_fill_in, may_submit, why_not_submitted
from rollout.readiness.scores import score

CONFIRM_DAYS = 10
"""Open days that the office has to confirm what was submitted."""


@dataclass(frozen=True)
class Entered:
    """What was entered for one criterion: the level 0–4 (None takes an answer back), the comment,
    whether the criterion does not apply to the department, and its reply to what was sent back
    (None leaves it as it is).
    """

    level: int | None
    comment: str = ""
    not_applicable: bool = False
    reply: str | None = None


Levels = Mapping[int, tuple[int | None, str] | Entered]
"""What was entered, by criterion number; a pair is a level and its comment."""


@operation
def save_answers(
    assessment: Assessment, *, levels: Levels, edition: int, by: Member, now: datetime
) -> Assessment:
    """Write some of the answers. Raises Conflict when the answers are not with the department, and
    when one of these was changed since the form was opened.
    """
    require(may_fill_in(by, assessment))
    take_turn(assessment)
    refuse_unless_answering(assessment)
    answers = as_seen(assessment, levels, edition, "own_level", "comment")
    if assessment.state == Assessment.State.NOT_STARTED:
        move(assessment, Assessment.State.ENTERING)
    values = {
        number: _own_values(answers[number], entered, by, now)
        for number, entered in as_entered(levels).items()
    }
    write_answers(assessment, values)
    record(by, "readiness.answered", assessment, criteria=sorted(levels))
    return assessment


def as_entered(levels: Levels) -> dict[int, Entered]:
    """What was entered, each as one thing."""
    return {
        number: each if isinstance(each, Entered) else Entered(*each)
        for number, each in levels.items()
    }


def take_turn(assessment: Assessment, edition: int | None = None) -> None:
    """Count an edit of the assessment: until the transaction ends others wait for this row. Its
    state is read anew. Raises Conflict when it is not of this edition any more.
    """
    if edition is not None:
        change(assessment, edition=edition)
        return
    Assessment.objects.filter(pk=assessment.pk).update(edition=F("edition") + 1)
    assessment.refresh_from_db(fields=["edition", "state"])


def as_seen(
    assessment: Assessment, levels: Levels, edition: int, level: str, comment: str
) -> dict[int, Answer]:
    """The answers to these criteria, by criterion number.

    Raises Conflict when one of them was changed after that edition of the assessment. Others do not
    count: two people on two axes do not collide.
    """
    rows = assessment.answers.filter(criterion__in=levels).select_related("criterion")
    answers = {row.criterion_id: row for row in rows}
    if any(row.edition > edition for row in answers.values()):
        raise too_late(beside(answers, levels, level, comment), assessment)
    return answers


@operation
def submit_assessment(
    assessment: Assessment, *, by: Member, now: datetime, edition: int | None = None
) -> Assessment:
    """Submit the answers to the office, as they stood in this edition. Raises Conflict while an
    answer, its reason or its reply is missing, and when anything was changed since.
    """
    require(may_submit(by, assessment))
    take_turn(assessment, edition)
    refuse_unless_answering(assessment)
    answers = list(assessment.answers.select_related("criterion"))
    if reason := why_not_submitted(assessment, answers):
        raise Conflict(reason, assessment.get_absolute_url())
    due = open_days(assessment.municipality_id).add(timezone.localdate(now), CONFIRM_DAYS)
    move(
        assessment,
        Assessment.State.SUBMITTED,
        submitted_by=by,
        submitted_at=now,
        confirm_due_on=due,
    )
    record(by, "readiness.submitted", assessment)
    return assessment


def _own_values(answer: Answer, entered: Entered, by: Member, now: datetime) -> dict[str, Any]:
    """What to write; a level that changed takes the review of the old one with it."""
    if entered.not_applicable:
        _refuse_unless_it_may_not_apply(answer, entered)
        entered = replace(entered, level=None)
    reply = {} if entered.reply in (None, answer.return_reply) else {"return_reply": entered.reply}
    values: dict[str, Any] = {
        "own_level": entered.level,
        "comment": entered.comment,
        "not_applicable": entered.not_applicable,
    }
    if all(getattr(answer, name) == value for name, value in values.items()):
        return reply
    _refuse_lowered_without_reason(answer, entered)
    answered = entered.level is not None or entered.not_applicable
    values |= {"answered_by": by if answered else None, "answered_at": now if answered else None}
    if (answer.own_level, answer.not_applicable) != (entered.level, entered.not_applicable):
        values |= {"reviewed_level": None, "reviewed_by": None, "reviewed_at": None}
    return values | reply


def _refuse_lowered_without_reason(answer: Answer, entered: Entered) -> None:
    """The level of the round before was confirmed: who says less of it now says why."""
    if answer.lacks_reason(entered.level, entered.comment):
        raise Conflict(
            _(
                "「%(criterion)s」の段階を前回の%(level)sより下げる理由を、コメントに書いてください。"
            )
            % {"criterion": answer.criterion, "level": answer.previous_level},
            answer.assessment.get_absolute_url(),
        )


def _refuse_unless_it_may_not_apply(answer: Answer, entered: Entered) -> None:
    if not answer.criterion.may_not_apply:
        raise Conflict(
            _("「%(criterion)s」は必須条件のため、該当なしにできません。")
            % {"criterion": answer.criterion},
            answer.assessment.get_absolute_url(),
        )
    if not entered.comment.strip() or answer.lacks_reason(
        None, entered.comment, not_applicable=True
    ):
        raise Conflict(
            _("「%(criterion)s」を該当なしにする今回の理由を、コメントに書いてください。")
            % {"criterion": answer.criterion},
            answer.assessment.get_absolute_url(),
        )


def beside(
    answers: Mapping[int, Answer], typed: Levels, level: str, comment: str
) -> list[Difference]:
    """What stands in these two fields of the answers, beside what was typed for them."""
    entered = as_entered(typed)
    differences = [
        differing(
            answer.criterion,
            _in_words(
                getattr(answer, level),
                getattr(answer, comment),
                "" if entered[number].reply is None else answer.return_reply,
            ),
            _in_words(entered[number].level, entered[number].comment, entered[number].reply or ""),
        )
        for number, answer in answers.items()
    ]
    return [item for item in differences if item]


def _in_words(level: int | None, *texts: str) -> str:
    return " ".join(["—" if level is None else str(level), *filter(None, texts)])


def refuse_unless_answering(assessment: Assessment) -> None:
    """Raises Conflict when the answers are submitted already, or the round is closed."""
    if not assessment.is_answering:
        state = assessment.get_state_display()
        raise Conflict(
            _("いまの状態は「%(state)s」です。回答は変えられません。") % {"state": state},
            assessment.get_absolute_url(),
        )
    if not assessment.round.is_open:
        raise Conflict(
            _("「%(round)s」は受付を締め切ったため、回答できません。")
            % {"round": assessment.round},
            assessment.get_absolute_url(),
        )


WRITTEN = (
    "own_level",
    "comment",
    "not_applicable",
    "answered_by",
    "answered_at",
    "reviewed_level",
    "reviewed_comment",
    "reviewed_by",
    "reviewed_at",
    "return_remark",
    "return_reply",
    "returned_level",
    "returned_comment",
)


def write_answers(assessment: Assessment, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Set the values of the answers to these criteria, and the assessment's scores with them. What
    is changed carries the assessment's edition.
    """
    answers = list(assessment.answers.select_related("criterion"))
    changed = [answer for answer in answers if values.get(answer.criterion_id)]
    for answer in changed:
        for name, value in values[answer.criterion_id].items():
            setattr(answer, name, value)
        answer.edition = assessment.edition
    Answer.objects.bulk_update(changed, [*WRITTEN, "edition"])
    assessment.scores = score(answers).write()
    Assessment.objects.filter(pk=assessment.pk).update(scores=assessment.scores)
