"""Passing over a 必須条件 in writing (例外承認): asked for, granted, revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.rules import is_office
from rollout.readiness.models import Answer, Assessment, BlockerException, ExceptionPost
from rollout.readiness.queries import concerned_by, exception_grantors, title_of_grantor
from rollout.readiness.rules import (
    may_ask_for_exception,
    may_grant_exception,
    may_revoke_exception,
)

LONGEST_YEARS = 10
"""An exception ends at the latest so many years after the day on which it is granted."""


@operation
def ask_for_exception(answer: Answer, *, by: Member, now: datetime) -> list[Member]:
    """Tell those who grant exceptions that the department asks for one; who was told."""
    assessment, today = answer.assessment, timezone.localdate(now)
    require(may_ask_for_exception(by, assessment))
    refuse_unless_open(answer, today)
    grantors = exception_grantors(assessment.municipality_id, today).members
    if not grantors:
        raise Conflict(
            _("例外を承認する人が登録されていません。事務局に連絡してください。"),
            _page(assessment),
        )
    record(by, "readiness.exception_asked", assessment, criterion=answer.criterion.code)
    stage = f"{answer.criterion.code}:{today:%y%m%d}"
    _tell(grantors, "readiness.exception_asked", answer, stage=stage, now=now)
    return grantors


@operation
def grant_exception(
    answer: Answer,
    *,
    reason: str,
    valid_until: date,
    conditions: str = "",
    by: Member,
    now: datetime,
) -> BlockerException:
    """Pass the open condition over until a day. Raises Conflict without a reason, for a day out of
    range, and when the condition is met or passed over already.
    """
    assessment, today = answer.assessment, timezone.localdate(now)
    require(may_grant_exception(by, assessment))
    if not reason.strip():
        raise Conflict(_("例外を認める理由を入力してください。"), _page(assessment))
    if not today <= valid_until <= last_day(today):
        raise Conflict(_("例外の期限は、今日から10年以内の日にしてください。"), _page(assessment))
    refuse_unless_open(answer, today)
    exception = BlockerException.objects.create(
        municipality_id=assessment.municipality_id,
        department=assessment.department,
        criterion=answer.criterion.code,
        reason=reason.strip(),
        conditions=conditions.strip(),
        valid_until=valid_until,
        granted_by=by,
        granted_as=title_of_grantor(by, today),
        granted_at=now,
    )
    _record(by, "readiness.exception_granted", exception, answer)
    recipients = concerned_by(assessment, today)
    _tell(
        recipients,
        "readiness.exception_granted",
        answer,
        stage=f"{now:%y%m%d%H%M%S}",
        now=now,
        exception=exception,
    )
    return exception


@operation
def revoke_exception(exception: BlockerException, *, by: Member, now: datetime) -> Answer:
    """Take an exception back: from that day on it passes nothing over. The answer that is open
    again.
    """
    require(may_revoke_exception(by, exception))
    revoked = BlockerException.objects.filter(pk=exception.pk, revoked_at=None).update(
        revoked_by=by, revoked_at=now
    )
    if not revoked:
        raise Conflict(_("この例外は、すでに取り消されています。"))
    exception.refresh_from_db()
    answer = _answer_to(exception)
    _record(by, "readiness.exception_revoked", exception, answer)
    recipients = concerned_by(answer.assessment, timezone.localdate(now))
    _tell(
        recipients,
        "readiness.exception_revoked",
        answer,
        stage=f"{now:%y%m%d%H%M%S}",
        now=now,
        exception=exception,
    )
    return answer


@operation
def name_exception_post(
    body: Municipality,
    *,
    department: Department | None,
    post: Post | None,
    edition: int,
    by: Member,
    now: datetime,
) -> None:
    """Set which post grants exceptions; none leaves it to the duty 情報セキュリティ責任者."""
    require(is_office(by))
    named = ExceptionPost.objects.of(body).select_related("department", "post").first()
    if edition != (named.edition if named else 0):
        raise Conflict(_("ほかの人が先に変更しました。いまの内容を確認してください。"))
    if department is None or post is None:
        ExceptionPost.objects.of(body).delete()
    elif named:
        change(named, edition=edition, department=department, post=post)
    else:
        ExceptionPost.objects.create(municipality=body, department=department, post=post)
    record(
        by,
        "readiness.exception_post_named",
        municipality=body,
        department=str(department or ""),
        post=str(post or ""),
    )


def last_day(today: date) -> date:
    """The last day that an exception may end on."""
    return date(today.year + LONGEST_YEARS, today.month, min(today.day, 28))


def refuse_unless_open(answer: Answer, today: date) -> None:
    """Raises Conflict unless the condition is one that is not met and not passed over."""
    assessment = answer.assessment
    if assessment.state != Assessment.State.CONFIRMED:
        raise Conflict(
            _("例外を承認できるのは、確定した準備度評価の必須条件だけです。"), _page(assessment)
        )
    if not answer.is_blocking:
        raise Conflict(_("この条件は満たされているため、例外は要りません。"), _page(assessment))
    if (
        BlockerException.objects.on(today)
        .filter(department=assessment.department_id, criterion=answer.criterion.code)
        .exists()
    ):
        raise Conflict(_("この条件には、すでに例外が承認されています。"), _page(assessment))


def _answer_to(exception: BlockerException) -> Answer:
    """The newest confirmed answer of the department to the condition."""
    answers = Answer.objects.of(exception.municipality_id).filter(
        assessment__department=exception.department_id,
        assessment__state=Assessment.State.CONFIRMED,
        criterion__code=exception.criterion,
    )
    joined = answers.select_related("criterion", "assessment__department", "assessment__round")
    return joined.latest("assessment__round__number")


def _record(by: Member, verb: str, exception: BlockerException, answer: Answer) -> None:
    record(
        by,
        verb,
        answer.assessment,
        criterion=exception.criterion,
        reason=exception.reason,
        conditions=exception.conditions,
        granted_as=exception.granted_as,
        valid_until=exception.valid_until,
    )


def _tell(
    members: Iterable[Member],
    rule: str,
    answer: Answer,
    *,
    stage: str,
    now: datetime,
    exception: BlockerException | None = None,
) -> None:
    words: dict[str, Any] = {
        "department": answer.assessment.department.name,
        "criterion": str(answer.criterion),
    }
    if exception is not None:
        words |= {"reason": exception.reason, "granted_as": exception.granted_as}
    for member in members:
        notify(member, rule, answer.assessment, stage=stage, now=now, **words)


def _page(assessment: Assessment) -> str:
    return assessment.conditions_address
