"""Rules of the preparing stage. Each rule answers True or Refusal(reason)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Department, Duty, Member
from municipality.organisation.rules import is_office
from rollout.readiness.models import Assessment, Round


def may_open_round(member: Member, round_: Round | None = None) -> Answer:
    """The office may open and close rounds."""
    return is_office(member)


def may_submit(member: Member, assessment: Assessment) -> Answer:
    """The manager of the department, or of one above it, may submit."""
    if member.authority.has("manager", assessment.department.path):
        return True
    return Refusal(_("提出できるのは、部署の所属長だけです。"))


def may_fill_in(member: Member, assessment: Assessment) -> Answer:
    """The manager, or the member with the duty of 庶務担当 in the department, may answer."""
    if may_submit(member, assessment):
        return True
    if _is_clerk(member, assessment.department_id):
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


def readiness_confirmed(department: Department) -> Answer:
    """Whether the department's readiness is confirmed, in any round. A unit that was not asked
    depends on the department above it.

    One query. The refusal links to the assessment that waits, or to the list of rounds.
    """
    rows = Assessment.objects.of(department.municipality_id).filter(
        department__path__in=department.ancestor_paths
    )
    ordered = list(
        rows.select_related("department").order_by("-department__path", "-round__number")
    )
    nearest = [row for row in ordered if row.department_id == ordered[0].department_id]
    if any(row.state == Assessment.State.CONFIRMED for row in nearest):
        return True
    address = (
        nearest[0].get_absolute_url()
        if nearest
        else reverse("rollout:readiness", args=[department.municipality_id])
    )
    return Refusal(
        _("%(department)sの準備度評価が確定していません。") % {"department": department}, address
    )


def _is_clerk(member: Member, department_id: int) -> bool:
    duties = Duty.objects.on(member.authority.day).filter(member=member, department=department_id)
    return duties.filter(kind=Duty.Kind.CLERK).exists()


def _not_own(member: Member, assessment: Assessment) -> Answer:
    if assessment.submitted_by_id == member.pk:
        return Refusal(
            _("自分が提出したものは確認できません。事務局のほかの人に依頼してください。")
        )
    return True
