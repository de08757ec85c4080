"""Answering by the department, as often as it likes, and submission by its manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, Difference, require
from municipality.core.transitions import change, differing, move
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from rollout.readiness.models import Answer, Assessment
from rollout.readiness.rules import may_fill_in, may_submit
from rollout.readiness.scores import score

CONFIRM_DAYS = 10
"""Open days that the office has to confirm what was submitted."""


Levels = Mapping[int, tuple[int | None, str]]
"""By criterion number: the level 0–4 (None takes an answer back) and the comment."""


@operation
def save_answers(
    assessment: Assessment, *, levels: Levels, edition: int, by: Member, now: datetime
) -> Assessment:
    """Save some of the answers. Raises Conflict when the form is stale or the department may not
    answer now.
    """
    require(may_fill_in(by, assessment))
    refuse_unless_answering(assessment)
    change(
        assessment,
        edition=edition,
        beside=lambda: beside(assessment, levels, "own_level", "comment"),
    )
    if assessment.state == Assessment.State.NOT_STARTED:
        move(assessment, Assessment.State.ENTERING)
    write_answers(assessment, _own_values(assessment, levels))
    record(by, "readiness.answered", assessment, criteria=sorted(levels))
    return assessment


@operation
def submit_assessment(assessment: Assessment, *, by: Member, now: datetime) -> Assessment:
    """Submit the answers to the office. Raises Conflict while a criterion is not answered."""
    require(may_submit(by, assessment))
    refuse_unless_answering(assessment)
    missing = assessment.answers.filter(own_level=None).count()
    if missing:
        raise Conflict(
            _("まだ答えていない項目が%(count)s件あります。すべて答えてから提出してください。")
            % {"count": missing}
        )
    if assessment.state == Assessment.State.NOT_STARTED:
        move(assessment, Assessment.State.ENTERING)
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


def _own_values(assessment: Assessment, levels: Levels) -> dict[int, dict]:
    """Values to write, by criterion number; a changed level clears the review of the old one."""
    before = dict(assessment.answers.values_list("criterion", "own_level"))
    values: dict[int, dict] = {
        number: {"own_level": level, "comment": text} for number, (level, text) in levels.items()
    }
    for number, (level, _text) in levels.items():
        if before.get(number) != level:
            values[number]["reviewed_level"] = None
    return values


def beside(assessment: Assessment, typed: Levels, level: str, comment: str) -> list[Difference]:
    """Differences between the stored values of these two fields and the typed ones."""
    differences = []
    for answer in assessment.answers.filter(criterion__in=typed).select_related("criterion"):
        stands = getattr(answer, level), getattr(answer, comment)
        differences.append(
            differing(answer.criterion, _in_words(*stands), _in_words(*typed[answer.criterion_id]))
        )
    return [item for item in differences if item]


def _in_words(level: int | None, comment: str) -> str:
    return f"{'—' if level is None else level} {comment}".strip()


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
            _("「%(round)s」は終了しているため、回答できません。") % {"round": assessment.round},
            assessment.get_absolute_url(),
        )


def write_answers(assessment: Assessment, values: Mapping[int, Mapping]) -> None:
    """Write values to the answers of these criteria, and the assessment's scores with them."""
    answers = list(assessment.answers.select_related("criterion"))
    for answer in answers:
        for name, value in values.get(answer.criterion_id, {}).items():
            setattr(answer, name, value)
    Answer.objects.bulk_update(
        [answer for answer in answers if answer.criterion_id in values],
        ["own_level", "comment", "reviewed_level", "reviewed_comment"],
    )
    assessment.scores = score(answers).write()
    Assessment.objects.filter(pk=assessment.pk).update(scores=assessment.scores)
