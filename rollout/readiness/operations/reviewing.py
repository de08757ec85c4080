"""Review by the office: it reviews each answer, and confirms or returns the assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from rollout.readiness.models import Assessment
from rollout.readiness.operations.answering import Levels, beside, write_answers
from rollout.readiness.rules import may_confirm, may_review

REVIEWED = ("reviewed_level", "reviewed_comment")

CORRECTION_DAYS = 5
"""Open days that a department has, at least, after its answers were sent back."""


@operation
def save_review(
    assessment: Assessment, *, reviewed: Levels, edition: int, by: Member, now: datetime
) -> Assessment:
    """Save the reviewer's levels and comments of some criteria; the department's own stay
    unchanged.
    """
    require(may_review(by, assessment))
    refuse_unless_submitted(assessment)
    change(assessment, edition=edition, beside=lambda: beside(assessment, reviewed, *REVIEWED))
    _write_reviews(assessment, reviewed)
    record(by, "readiness.reviewed", assessment, criteria=sorted(reviewed))
    return assessment


@operation
def confirm_assessment(
    assessment: Assessment,
    *,
    by: Member,
    now: datetime,
    reviewed: Levels | None = None,
    edition: int | None = None,
) -> Assessment:
    """Confirm the answers with these reviewed levels and those saved before; without a review the
    own level counts.
    """
    require(may_confirm(by, assessment))
    if edition is not None:
        change(
            assessment,
            edition=edition,
            beside=lambda: beside(assessment, reviewed or {}, *REVIEWED),
        )
    move(assessment, Assessment.State.CONFIRMED, confirmed_by=by, confirmed_at=now)
    own = assessment.answers.filter(reviewed_level=None).values_list(
        "criterion", "own_level", "reviewed_comment"
    )
    _write_reviews(
        assessment, {number: (level, text) for number, level, text in own} | dict(reviewed or {})
    )
    record(by, "readiness.confirmed", assessment)
    _tell(assessment, "readiness.confirmed", now)
    return assessment


@operation
def return_assessment(
    assessment: Assessment, *, remark: str, by: Member, now: datetime
) -> Assessment:
    """Return the answers with a remark (差戻し); the new due date is at least five open days later."""
    require(may_confirm(by, assessment))
    if not remark.strip():
        raise Conflict(_("差戻しには、直してほしい点を書いてください。"))
    if not assessment.round.is_open:
        raise Conflict(
            _("「%(round)s」は終了しているため、差し戻せません。") % {"round": assessment.round},
            assessment.get_absolute_url(),
        )
    again = open_days(assessment.municipality_id).add(timezone.localdate(now), CORRECTION_DAYS)
    move(
        assessment,
        Assessment.State.RETURNED,
        remark=remark.strip(),
        due_on=max(assessment.due_on, again),
    )
    record(by, "readiness.returned", assessment, remark=assessment.remark)
    _tell(assessment, "readiness.returned", now, remark=assessment.remark)
    return assessment


def refuse_unless_submitted(assessment: Assessment) -> None:
    """Raises Conflict when the answers are not submitted."""
    if assessment.state != Assessment.State.SUBMITTED:
        state = assessment.get_state_display()
        raise Conflict(
            _("いまの状態は「%(state)s」です。確認できるのは、提出された回答だけです。")
            % {"state": state},
            assessment.get_absolute_url(),
        )


def _write_reviews(assessment: Assessment, reviewed: Levels) -> None:
    write_answers(
        assessment,
        {
            number: {"reviewed_level": level, "reviewed_comment": text}
            for number, (level, text) in reviewed.items()
        },
    )


def _tell(assessment: Assessment, rule: str, now: datetime, **params: str) -> None:
    """Notify the managers of today. The edition is part of the key, so that a second 差戻し is
    notified again.
    """
    details: dict[str, Any] = {
        "round": assessment.round.name,
        "department": assessment.department.name,
        **params,
    }
    for member in nearest_holders("manager", assessment.department.path, timezone.localdate(now)):
        notify(member, rule, assessment, stage=str(assessment.edition), now=now, **details)
