"""Passing over a 必須条件 in writing (例外承認): asked for, granted, revoked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import hold_departments
from municipality.organisation.rules import is_office
from rollout.readiness.models import (
    Answer,
    Assessment,
    BlockerException,
    ExceptionPost,
    ExceptionRequest,
)
from rollout.readiness.queries import (
    concerned_by,
    exception_grantors,
    newer_confirmed,
    title_of_grantor,
)
from rollout.readiness.rules import (
    may_ask_for_exception,
    may_decline_exception,
    may_grant_exception,
    may_revoke_exception,
)

LONGEST_YEARS = 10
"""An exception ends at the latest so many years after the day on which it is granted."""

DECIDE_DAYS = 5
"""Open days for granting or declining an exception that was asked for."""


@operation
def ask_for_exception(
    answer: Answer, *, reason: str, by: Member, now: datetime
) -> ExceptionRequest:
    """Ask those who grant exceptions for one. Raises Conflict without a reason, while one is asked
    for already, and where nobody grants exceptions.
    """
    assessment, today = answer.assessment, timezone.localdate(now)
    require(may_ask_for_exception(by, assessment))
    if not reason.strip():
        raise Conflict(_("例外を求める理由を入力してください。"), _page(assessment))
    hold_departments([assessment.department])
    refuse_unless_open(answer, today)
    named = exception_grantors(assessment.municipality_id, today).members
    grantors = [member for member in named if may_grant_exception(member, assessment)]
    if not grantors:
        raise Conflict(
            _("例外を承認する人が登録されていません。事務局に連絡してください。"),
            _page(assessment),
        )
    due_on = open_days(assessment.municipality_id).add(today, DECIDE_DAYS)
    asked = _create(answer, reason=reason.strip(), asked_by=by, asked_at=now, due_on=due_on)
    code = answer.criterion.code
    record(by, "readiness.exception_asked", assessment, criterion=code, reason=asked.reason)
    _tell(grantors, "readiness.exception_asked", asked, now=now)
    return asked


def _create(answer: Answer, **values: Any) -> ExceptionRequest:
    """Of two who ask at once, the second is told so by the unique key."""
    try:
        with transaction.atomic():
            return ExceptionRequest.objects.create(
                municipality_id=answer.municipality_id, answer=answer, **values
            )
    except IntegrityError:
        raise Conflict(
            _("この条件の例外の承認は、すでに依頼されています。"), _page(answer.assessment)
        ) from None


@operation
def decline_exception(
    asked: ExceptionRequest, *, remark: str, by: Member, now: datetime
) -> ExceptionRequest:
    """Grant no exception, with the reason. The department and whoever asked are told."""
    require(may_decline_exception(by, asked))
    if not remark.strip():
        raise Conflict(_("見送る理由を入力してください。"), asked.get_absolute_url())
    _settle(asked, ExceptionRequest.State.DECLINED, by=by, now=now, remark=remark.strip())
    assessment, code = asked.answer.assessment, asked.answer.criterion.code
    record(by, "readiness.exception_declined", assessment, criterion=code, remark=asked.remark)
    concerned = concerned_by(assessment, timezone.localdate(now))
    recipients = list(dict.fromkeys([asked.asked_by, *concerned]))
    _tell(recipients, "readiness.exception_declined", asked, now=now)
    return asked


def drop_requests(assessment: Assessment, *, by: Member, now: datetime) -> None:
    """Drop what was asked for of conditions that are met in the assessment. Of older assessments of
    the department what is still not met goes on with the new answer; what newer ones ask for stays.
    """
    answers = {row.criterion.code: row for row in assessment.answers.select_related("criterion")}
    waiting = ExceptionRequest.objects.of(assessment.municipality_id).waiting()
    rows = waiting.filter(
        answer__assessment__department=assessment.department_id,
        answer__assessment__round__number__lte=assessment.round.number,
    )
    for asked in rows.select_related("answer__criterion", "asked_by__municipality"):
        answer = answers.get(asked.answer.criterion.code)
        if answer is None or not answer.is_blocking:
            _drop(asked, assessment, by=by, now=now)
        elif answer.pk != asked.answer_id:
            change(asked, edition=asked.edition, answer=answer)
            code = answer.criterion.code
            record(by, "readiness.exception_carried_over", assessment, criterion=code)


def _drop(asked: ExceptionRequest, assessment: Assessment, *, by: Member, now: datetime) -> None:
    _settle(asked, ExceptionRequest.State.DROPPED, by=by, now=now)
    code = asked.answer.criterion.code
    record(by, "readiness.exception_dropped", assessment, criterion=code, reason=asked.reason)
    _tell([asked.asked_by], "readiness.exception_dropped", asked, now=now)


def _settle(
    asked: ExceptionRequest, state: str, *, by: Member, now: datetime, remark: str = ""
) -> None:
    move(asked, state, remark=remark, settled_by=by, settled_at=now)


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
    """Pass the open condition over until a day, at its present level and above. Raises Conflict
    without a reason, for a day out of range, and when the condition is met or passed over already.
    """
    assessment, today = answer.assessment, timezone.localdate(now)
    require(may_grant_exception(by, assessment))
    if not reason.strip():
        raise Conflict(_("例外を認める理由を入力してください。"), _page(assessment))
    if not today <= valid_until <= last_day(today):
        raise Conflict(_("例外の期限は、今日から10年以内の日にしてください。"), _page(assessment))
    hold_departments([assessment.department])
    refuse_unless_open(answer, today)
    _end_earlier(answer, by=by, now=now)
    exception = BlockerException.objects.create(
        municipality_id=assessment.municipality_id,
        department=assessment.department,
        criterion=answer.criterion.code,
        level=answer.level or 0,
        reason=reason.strip(),
        conditions=conditions.strip(),
        valid_until=valid_until,
        granted_by=by,
        granted_as=title_of_grantor(by, today),
        granted_at=now,
    )
    _record(by, "readiness.exception_granted", exception, answer)
    for asked in (
        ExceptionRequest.objects.of(answer.municipality_id).waiting().filter(answer=answer)
    ):
        _settle(asked, ExceptionRequest.State.GRANTED, by=by, now=now)
    _tell_of(exception, "readiness.exception_granted", answer, now)
    return exception


def _end_earlier(answer: Answer, *, by: Member, now: datetime) -> None:
    """What was granted for a higher level ends where one for the present level takes its place."""
    rows = BlockerException.objects.on(timezone.localdate(now)).filter(
        department=answer.assessment.department_id, criterion=answer.criterion.code
    )
    for earlier in rows.filter(revoked_at=None):
        BlockerException.objects.filter(pk=earlier.pk).update(revoked_by=by, revoked_at=now)
        _record(by, "readiness.exception_revoked", earlier, answer)


@operation
def revoke_exception(exception: BlockerException, *, by: Member, now: datetime) -> Answer:
    """Take an exception back: from that day on it passes nothing over. The answer that is open
    again.
    """
    require(may_revoke_exception(by, exception))
    hold_departments([exception.department])
    revoked = BlockerException.objects.filter(pk=exception.pk, revoked_at=None).update(
        revoked_by=by, revoked_at=now
    )
    if not revoked:
        raise Conflict(_("この例外は、すでに取り消されています。"))
    exception.refresh_from_db()
    answer = _answer_to(exception)
    _record(by, "readiness.exception_revoked", exception, answer)
    _tell_of(exception, "readiness.exception_revoked", answer, now)
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
    """Raises Conflict unless the condition is one of the department's newest confirmed assessment,
    not met there and not passed over.
    """
    assessment = answer.assessment
    if assessment.state != Assessment.State.CONFIRMED:
        raise Conflict(
            _("例外を承認できるのは、確定した準備度評価の必須条件だけです。"), _page(assessment)
        )
    if later := newer_confirmed(assessment):
        raise Conflict(
            _(
                "この後の回で確定した評価があります。例外の依頼と承認は、新しい評価で行ってください。"
            ),
            _page(later),
        )
    if not answer.is_blocking:
        raise Conflict(_("この条件は満たされているため、例外は要りません。"), _page(assessment))
    if (
        BlockerException.objects.on(today)
        .filter(
            department=assessment.department_id,
            criterion=answer.criterion.code,
            level__lte=answer.level,
        )
        .exists()
    ):
        raise Conflict(_("この条件には、すでに例外が承認されています。"), _page(assessment))


def _answer_to(exception: BlockerException) -> Answer:
    """The newest confirmed answer of the department to the condition."""
    own = Assessment.objects.of(exception.municipality_id).filter(
        department=exception.department_id
    )
    answers = Answer.objects.filter(
        assessment__in=own.confirmed(), criterion__code=exception.criterion
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
        level=exception.level,
        granted_as=exception.granted_as,
        valid_until=exception.valid_until,
    )


def _tell_of(exception: BlockerException, rule: str, answer: Answer, now: datetime) -> None:
    """Tell the managers and the office what became of an exception."""
    words: dict[str, Any] = {
        "department": answer.assessment.department.name,
        "criterion": str(answer.criterion),
        "reason": exception.reason,
        "granted_as": exception.granted_as,
    }
    for member in concerned_by(answer.assessment, timezone.localdate(now)):
        notify(member, rule, answer.assessment, stage=f"{now:%y%m%d%H%M%S}", now=now, **words)


def _tell(members: Iterable[Member], rule: str, asked: ExceptionRequest, *, now: datetime) -> None:
    words: dict[str, Any] = {
        "department": asked.answer.assessment.department.name,
        "criterion": str(asked.answer.criterion),
        "remark": asked.remark or asked.reason,
    }
    for member in members:
        notify(member, rule, asked.answer.assessment, stage=str(asked.pk), now=now, **words)


def _page(assessment: Assessment) -> str:
    return assessment.conditions_address
