"""Rules of the preparing stage. Each rule answers True or Refusal(reason)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipality.core.date_words import era_day
from municipality.core.name_lists import all_names
from municipality.core.refusals import Answer, Refusal
from municipality.core.registry import has_stake
from municipality.organisation.models import Department, Member, Municipality
from municipality.organisation.open_days import OpenDays
from municipality.organisation.rules import is_office
from rollout.readiness.models import Answer as Answered
from rollout.readiness.models import (
    Assessment,
    BlockerException,
    ExceptionRequest,
    Reexamination,
    Round,
    grants_exceptions,
)

MOST_YEARS_AHEAD = 10


def why_not_due(day: date, *, earliest: date, today: date, calendar: OpenDays) -> str:
    """Why answers cannot be due on the day; empty when they can: on an open day within ten years,
    not before today or `earliest`.
    """
    first = max(earliest, today)
    if day < first:
        return _("提出の期限は、%(day)s以降の日にしてください。") % {"day": era_day(first)}
    if day.year > today.year + MOST_YEARS_AHEAD:
        return str(_("提出の期限は、10年以内の日にしてください。"))
    if not calendar.is_open(day):
        words = {"day": era_day(day), "next": era_day(calendar.roll(day))}
        return _("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。") % words
    return ""


def why_not_submitted(assessment: Assessment, answers: Sequence[Answered]) -> str:
    """Why these answers, all of the assessment, cannot be handed in; empty when they can: each is
    given, what was lowered has its reason, what was sent back is changed or replied to.
    """
    missing = sum(row.own_level is None and not row.not_applicable for row in answers)
    if missing:
        words = _("まだ答えていない項目が%(count)s件あります。すべて答えてから提出してください。")
        return words % {"count": missing}
    if codes := _codes(row for row in answers if row.is_unexplained):
        words = _(
            "前回より下げた項目の理由が書かれていません(%(codes)s)。コメントに書いてください。"
        )
        return words % {"codes": codes}
    if assessment.state != Assessment.State.RETURNED:
        return ""
    if codes := _codes(row for row in answers if row.waits_for_reply):
        words = _(
            "差戻しの指摘に答えていない項目があります(%(codes)s)。回答を直すか、返答を書いてください。"
        )
        return words % {"codes": codes}
    if not any(row.return_remark or row.is_changed_since_return for row in answers):
        return gettext("差戻しの後、どの項目も変わっていません。直してから提出してください。")
    return ""


def _codes(answers: Iterable[Answered]) -> str:
    return all_names(row.criterion.code for row in answers)


def may_open_round(member: Member, round_: Round | None = None) -> Answer:
    """The office may open and close rounds."""
    return is_office(member)


def may_extend(member: Member, assessment: Assessment) -> Answer:
    """The office gives a department more time."""
    return is_office(member)


def may_submit(member: Member, assessment: Assessment) -> Answer:
    """The manager of the department, or of one above it, may submit."""
    if member.authority.has("manager", assessment.department.path):
        return True
    return Refusal(_("提出できるのは、部署の所属長だけです。"))


def may_fill_in(member: Member, assessment: Assessment) -> Answer:
    """The manager, or the member with the duty of 庶務担当 in the department, may answer."""
    if may_submit(member, assessment) or member.authority.is_clerk_of(assessment.department_id):
        return True
    return Refusal(_("回答を入力できるのは、部署の所属長と庶務担当だけです。"))


def may_review(member: Member, assessment: Assessment) -> Answer:
    """The office and external consultants may review, but nobody an assessment that they submitted
    themselves.
    """
    if not (member.authority.is_office or member.authority.is_consultant):
        return Refusal(_("回答を確認できるのは、事務局と外部専門家だけです。"))
    return _not_own(member, assessment)


def may_confirm(member: Member, assessment: Assessment) -> Answer:
    """The office may confirm or return, but nobody an assessment that they submitted themselves."""
    if not member.authority.is_office:
        return Refusal(_("確定と差戻しは、事務局の人だけが行えます。"))
    return _not_own(member, assessment)


def may_ask_for_exception(member: Member, assessment: Assessment) -> Answer:
    """The department's manager and the office ask for an exception; neither grants one."""
    if member.authority.is_office or may_submit(member, assessment):
        return True
    return Refusal(_("例外の承認を依頼できるのは、部署の所属長と事務局の人だけです。"))


def may_grant_exception(member: Member, assessment: Assessment) -> Answer:
    """The post that the body named, else whoever carries the duty 情報セキュリティ責任者 of the body.
    Never the office, and nobody for a department that they lead or in which they lead a pilot: all
    of these want it.
    """
    answer = _may_grant_for(member, assessment.department)
    if answer and has_stake(member, assessment.department):
        return Refusal(
            _(
                "自分が責任者である試行の部署の例外は承認できません。承認できるほかの人がいないときは、"
                "例外を承認する職の変更を事務局に依頼してください。"
            )
        )
    return answer


def _may_grant_for(member: Member, department: Department) -> Answer:
    if member.authority.is_office:
        return Refusal(_("例外は、事務局の人には承認できません。"))
    if member.authority.has("manager", department.path):
        return Refusal(_("自分が所属長である部署の例外は承認できません。"))
    body = Municipality.objects.filter(grants_exceptions(member), pk=member.municipality_id)
    if body.exists():
        return True
    return Refusal(_("例外を承認できるのは、団体の情報セキュリティ責任者などに限られます。"))


def may_decline_exception(member: Member, asked: ExceptionRequest) -> Answer:
    """Whoever may grant the exception may decline it."""
    return may_grant_exception(member, asked.answer.assessment)


def may_revoke_exception(member: Member, exception: BlockerException) -> Answer:
    """Whoever may grant exceptions for the department takes them back as well."""
    return _may_grant_for(member, exception.department)


def may_ask_to_reexamine(member: Member, assessment: Assessment) -> Answer:
    """Whoever answers for the department asks to look at an answer again."""
    if may_fill_in(member, assessment):
        return True
    return Refusal(_("再確認を依頼できるのは、部署の所属長と庶務担当だけです。"))


def may_decide_reexamination(member: Member, asked: Reexamination) -> Answer:
    """The office and the external consultants look again; nobody at what they asked themselves."""
    if not (member.authority.is_office or member.authority.is_consultant):
        return Refusal(_("再確認できるのは、事務局と外部専門家だけです。"))
    if asked.asked_by_id == member.pk:
        return Refusal(
            _("自分が依頼したものは再確認できません。事務局のほかの人に依頼してください。")
        )
    return True


def _not_own(member: Member, assessment: Assessment) -> Answer:
    if assessment.submitted_by_id == member.pk:
        return Refusal(
            _("自分が提出したものは確認できません。事務局のほかの人に依頼してください。")
        )
    return True
