"""Looking at one 必須条件 again between two rounds (再確認): asked, confirmed, declined."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import role_holders
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.organisation.operations.departments import hold_departments
from rollout.readiness.models import Answer, Assessment, Reexamination
from rollout.readiness.operations.answers import CONFIRM_DAYS, take_turn, write_answers
from rollout.readiness.operations.exceptions import drop_requests
from rollout.readiness.queries import concerned_by, newer_confirmed
from rollout.readiness.rules import may_ask_to_reexamine, may_decide_reexamination


@operation
def ask_to_reexamine(
    answer: Answer, *, level: int, comment: str, by: Member, now: datetime
) -> Reexamination:
    """Ask the office to look at a 必須条件 of the confirmed assessment again. Works when the round is
    closed, too. Raises Conflict without saying what changed, and while it is asked already.
    """
    assessment, today = answer.assessment, timezone.localdate(now)
    require(may_ask_to_reexamine(by, assessment))
    if not comment.strip():
        raise Conflict(_("変わったことを入力してください。"), assessment.conditions_address)
    refuse_unless_newest(answer)
    if level == answer.level:
        raise Conflict(_("いまと同じ段階です。"), assessment.conditions_address)
    due_on = open_days(assessment.municipality_id).add(today, CONFIRM_DAYS)
    asked = _create(
        answer, level=level, comment=comment.strip(), asked_by=by, asked_at=now, due_on=due_on
    )
    _record(by, "readiness.reexamination_asked", asked)
    office = role_holders("office", assessment.municipality_id, today).exclude(pk=by.pk)
    _tell(office, "readiness.reexamination_asked", asked, now)
    return asked


def _create(answer: Answer, **values: Any) -> Reexamination:
    """Of two who ask at once, the second is told so by the unique key."""
    try:
        with transaction.atomic():
            return Reexamination.objects.create(
                municipality_id=answer.municipality_id,
                answer=answer,
                level_before=answer.level,
                **values,
            )
    except IntegrityError:
        raise Conflict(
            _("この条件の再確認は、すでに依頼されています。"), answer.assessment.conditions_address
        ) from None


@operation
def confirm_reexamination(
    asked: Reexamination, *, remark: str = "", by: Member, now: datetime
) -> Reexamination:
    """Confirm the level that the department states now: it counts, and the scores are computed
    anew.
    """
    require(may_decide_reexamination(by, asked))
    hold_departments([asked.answer.assessment.department])
    move(
        asked,
        Reexamination.State.CONFIRMED,
        remark=remark.strip(),
        decided_by=by,
        decided_at=now,
    )
    answer = asked.answer
    take_turn(answer.assessment)
    changed = {
        "not_applicable": False,
        "reviewed_level": asked.level,
        "reviewed_comment": asked.remark or asked.comment,
        "reviewed_by": by,
        "reviewed_at": now,
    }
    write_answers(answer.assessment, {answer.criterion_id: changed})
    drop_requests(answer.assessment, by=by, now=now)
    _record(by, "readiness.reexamination_confirmed", asked)
    _tell_department(asked, "readiness.reexamination_confirmed", now)
    return asked


@operation
def decline_reexamination(
    asked: Reexamination, *, remark: str, by: Member, now: datetime
) -> Reexamination:
    """Decline with the reason: the level stays as it was confirmed."""
    require(may_decide_reexamination(by, asked))
    if not remark.strip():
        raise Conflict(_("見送る理由を入力してください。"), asked.get_absolute_url())
    move(
        asked,
        Reexamination.State.DECLINED,
        remark=remark.strip(),
        decided_by=by,
        decided_at=now,
    )
    _record(by, "readiness.reexamination_declined", asked)
    _tell_department(asked, "readiness.reexamination_declined", now)
    return asked


def refuse_unless_newest(answer: Answer) -> None:
    """Raises Conflict unless it is a 必須条件 of the department's newest confirmed assessment."""
    assessment = answer.assessment
    if not answer.criterion.blocker:
        raise Conflict(_("再確認を依頼できるのは、必須条件だけです。"))
    if assessment.state != Assessment.State.CONFIRMED:
        raise Conflict(
            _("再確認を依頼できるのは、確定した準備度評価だけです。"), assessment.get_absolute_url()
        )
    if later := newer_confirmed(assessment):
        raise Conflict(
            _("この後の回で確定した評価があります。新しい評価から依頼してください。"),
            later.conditions_address,
        )


def _record(by: Member, verb: str, asked: Reexamination) -> None:
    record(
        by,
        verb,
        asked.answer.assessment,
        criterion=asked.answer.criterion.code,
        before=asked.level_before,
        after=asked.level,
        comment=asked.comment,
        remark=asked.remark,
    )


def _tell_department(asked: Reexamination, rule: str, now: datetime) -> None:
    today = timezone.localdate(now)
    concerned = concerned_by(asked.answer.assessment, today, office=False)
    others = [member for member in concerned if member.pk != asked.asked_by_id]
    _tell([asked.asked_by, *others], rule, asked, now)


def _tell(members: Iterable[Member], rule: str, asked: Reexamination, now: datetime) -> None:
    assessment = asked.answer.assessment
    words: dict[str, Any] = {
        "department": assessment.department.name,
        "criterion": str(asked.answer.criterion),
        "before": asked.level_before,
        "after": asked.level,
        "remark": asked.remark or asked.comment,
    }
    for member in members:
        notify(member, rule, assessment, stage=str(asked.pk), now=now, **words)
