"""Rules of writing and agreeing goals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.appraisal.access.evaluators import leads_member
from evaluation.appraisal.sheets.models import Sheet
from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member


def may_write_goals(member: Member, sheet: Sheet) -> Answer:
    """Only the sheet's person may write goals."""
    if sheet.member_id == member.pk:
        return True
    return Refusal(_("目標は、本人だけが入力できます。"))


def may_agree(member: Member, sheet: Sheet) -> Answer:
    """The evaluator may agree to goals or return them, while they lead the person's department."""
    if sheet.member_id == member.pk:
        return Refusal(_("自分の目標は、自分では確定できません。"))
    if sheet.evaluator_id != member.pk:
        return Refusal(_("評価者だけが行えます。"))
    if leads_member(member, sheet.member_id):
        return True
    return Refusal(_("いまの発令では、この職員の所属長ではありません。"))
