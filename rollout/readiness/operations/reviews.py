"""Review by the office: it reviews each answer, and confirms or returns the assessment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.audit.log import operation, record
from municipality.core.name_lists import all_names
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import hold_departments
from rollout.readiness.models import Answer, Assessment
from rollout.readiness.operations.answers import (
    Entered,
    Levels,
    as_entered,
    as_seen,
    take_turn,
    write_answers,
)
from rollout.readiness.operations.exceptions import drop_requests
from rollout.readiness.rules import may_confirm, may_review

CORRECTION_DAYS = 5
"""Open days that a department has, at least, after its answers were sent back."""

NO_ITEM = gettext_lazy(
    "直してほしい項目の欄に指摘を書いてください。項目を挙げないときは、「全体についての差戻し」を選んでください。"
)
"""Why answers cannot be sent back: whoever has to mend them would not know where to begin."""


@operation
def save_review(
    assessment: Assessment, *, reviewed: Levels, edition: int, by: Member, now: datetime
) -> Assessment:
    """Write the reviewer's levels and comments of some criteria; the department's own stay beside
    them. Raises Conflict for a lower level without a reason.
    """
    require(may_review(by, assessment))
    take_turn(assessment)
    refuse_unless_submitted(assessment)
    _write_reviews(assessment, reviewed, edition, by, now)
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
    """Confirm the answers, with these reviewed levels beside those saved before. Where nobody
    reviewed, the own level holds, and no review is written. Raises Conflict while a 必須条件 is not
    reviewed.
    """
    require(may_confirm(by, assessment))
    hold_departments([assessment.department])
    take_turn(assessment, edition)
    refuse_unless_submitted(assessment)
    _write_reviews(assessment, reviewed or {}, assessment.edition, by, now)
    _refuse_unless_conditions_are_reviewed(assessment)
    move(assessment, Assessment.State.CONFIRMED, confirmed_by=by, confirmed_at=now)
    drop_requests(assessment, by=by, now=now)
    record(by, "readiness.confirmed", assessment)
    _tell(assessment, "readiness.confirmed", now)
    return assessment


@operation
def return_assessment(
    assessment: Assessment,
    *,
    remark: str,
    by: Member,
    now: datetime,
    remarks: Mapping[int, str] | None = None,
    edition: int | None = None,
) -> Assessment:
    """Send the answers back with what is to be mended, due again in five open days at the earliest
    (差戻し). `remarks` say it of single items, by criterion number, at least of one; None where it
    is about the whole. Those of an earlier 差戻し go, and so do the replies to them. Raises Conflict
    when anything was changed after this edition.
    """
    require(may_confirm(by, assessment))
    take_turn(assessment, edition)
    if not remark.strip():
        raise Conflict(_("差戻しには、直してほしい点を書いてください。"))
    if remarks is not None and not any(text.strip() for text in remarks.values()):
        raise Conflict(NO_ITEM)
    if not assessment.round.is_open:
        raise Conflict(
            _("「%(round)s」は受付を締め切ったため、差し戻せません。")
            % {"round": assessment.round},
            assessment.get_absolute_url(),
        )
    again = open_days(assessment.municipality_id).add(timezone.localdate(now), CORRECTION_DAYS)
    move(
        assessment,
        Assessment.State.RETURNED,
        remark=remark.strip(),
        due_on=max(assessment.due_on, again),
        returned_by=by,
        returned_at=now,
    )
    _write_remarks(assessment, remarks or {})
    record(
        by,
        "readiness.returned",
        assessment,
        remark=assessment.remark,
        criteria=sorted(remarks or {}),
    )
    _tell(assessment, "readiness.returned", now, remark=assessment.remark)
    return assessment


def _write_remarks(assessment: Assessment, remarks: Mapping[int, str]) -> None:
    """Each answer keeps what was asked of it, and what it said at that moment."""
    write_answers(
        assessment,
        {
            answer.criterion_id: {
                "return_remark": (remarks.get(answer.criterion_id) or "").strip(),
                "return_reply": "",
                "returned_level": answer.own_level,
                "returned_comment": answer.comment,
            }
            for answer in assessment.answers.all()
        },
    )


def _refuse_unless_conditions_are_reviewed(assessment: Assessment) -> None:
    """A 必須条件 decides whether a pilot may start: somebody has to have looked at each."""
    waiting = assessment.answers.filter(
        criterion__blocker=True, reviewed_level=None, reviewed_by=None
    ).select_related("criterion")
    if waiting:
        raise Conflict(
            _("必須条件%(n)s件(%(names)s)の確認が済んでいません。確認してから確定してください。")
            % {"n": len(waiting), "names": all_names(row.criterion for row in waiting)},
            assessment.get_absolute_url(),
        )


def refuse_unless_submitted(assessment: Assessment) -> None:
    """Raises Conflict when the answers are not submitted."""
    if assessment.state != Assessment.State.SUBMITTED:
        state = assessment.get_state_display()
        raise Conflict(
            _("いまの状態は「%(state)s」です。確認できるのは、提出された回答だけです。")
            % {"state": state},
            assessment.get_absolute_url(),
        )


def _write_reviews(
    assessment: Assessment, reviewed: Levels, edition: int, by: Member, now: datetime
) -> None:
    answers = as_seen(assessment, reviewed, edition, "reviewed_level", "reviewed_comment")
    entered = as_entered(reviewed)
    write_answers(
        assessment,
        {
            number: _review_values(answer, entered[number], by, now)
            for number, answer in answers.items()
        },
    )


def _review_values(answer: Answer, entered: Entered, by: Member, now: datetime) -> dict[str, Any]:
    """What to write of one review; nothing when it says what stands there."""
    values: dict[str, Any] = {
        "reviewed_level": None if answer.not_applicable else entered.level,
        "reviewed_comment": entered.comment,
    }
    looked_at = entered.level is not None or answer.not_applicable
    same = all(getattr(answer, name) == value for name, value in values.items())
    if same and (answer.reviewed_by_id is not None) == looked_at:
        return {}
    if answer.is_lowered_by(entered.level) and not entered.comment.strip():
        raise Conflict(
            _("「%(criterion)s」の段階を下げる理由を、確認者のコメントに書いてください。")
            % {"criterion": answer.criterion},
            answer.assessment.get_absolute_url(),
        )
    return values | {
        "reviewed_by": by if looked_at else None,
        "reviewed_at": now if looked_at else None,
    }


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
