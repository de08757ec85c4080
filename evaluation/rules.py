"""Who may, in this room. A rule answers True or No(reason)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.models import Member
from municipality.rules import NOT_OFFICE, Answer, No, leads

from .evaluators import leads_member
from .models import Action, EvaluationPeriod, OneOnOne, Pair, Promise, Review, Sheet

OUTSIDE = frozenset({"consultant", "auditor"})
NOT_HR = No(_("人事の人だけが行えます。"))


def works_here(member: Member, obj: object = None) -> Answer:
    """Everybody who works in the body: not those from outside."""
    if member.authority.roles - OUTSIDE:
        return True
    return No(_("この団体の職員だけが使えます。"))


def may_run_periods(member: Member, period: EvaluationPeriod | None = None) -> Answer:
    """Evaluation periods are run by HR."""
    return True if member.authority.is_hr else NOT_HR


def may_see_numbers(member: Member, obj: object = None) -> Answer:
    """How many sheets are agreed, per department and without names: HR, office, and those who lead departments."""
    authority = member.authority
    if authority.is_hr or authority.is_office or authority.is_manager or authority.is_executive:
        return True
    return No(_("人事・事務局・所属長の人だけが見られます。"))


def may_write_goals(member: Member, sheet: Sheet) -> Answer:
    """Goals are written by the person whose sheet it is."""
    if sheet.member_id == member.pk:
        return True
    return No(_("目標は、本人だけが入力できます。"))


def may_agree(member: Member, sheet: Sheet) -> Answer:
    """Goals are agreed or sent back by the evaluator, while they lead the person's department."""
    if sheet.member_id == member.pk:
        return No(_("自分の目標は、自分では確定できません。"))
    if sheet.evaluator_id != member.pk:
        return No(_("評価者だけが行えます。"))
    if leads_member(member, sheet.member_id):
        return True
    return No(_("いまの発令では、この職員の所属長ではありません。"))


def leads_people(member: Member, obj: object = None) -> Answer:
    """Managers and executives hold 1on1 with their people."""
    if member.authority.is_manager or member.authority.is_executive:
        return True
    return No(_("所属長だけが1on1を始められます。"))


def may_meet(member: Member, other: Member) -> Answer:
    """A 1on1 is begun by somebody who leads the other's department today."""
    if member.pk == other.pk:
        return No(_("自分との1on1は始められません。"))
    if leads_member(member, other.pk):
        return True
    return No(_("所属する職員とだけ、1on1を始められます。"))


def may_record(member: Member, pair: Pair) -> Answer:
    """A talk is recorded, and the record corrected, by the manager of the pair while they lead the other."""
    if pair.manager_id != member.pk:
        return No(_("1on1の記録は、行った所属長が入力します。"))
    if leads_member(member, pair.member_id):
        return True
    return No(_("いまの発令では、この職員の所属長ではありません。"))


def may_note(member: Member, talk: OneOnOne) -> Answer:
    """A private note is kept by either of the two."""
    if member.pk in (talk.pair.manager_id, talk.pair.member_id):
        return True
    return No(_("1on1の2人だけが、メモを残せます。"))


def may_keep(member: Member, promise: Promise) -> Answer:
    """A promise is ticked off by whoever gave it."""
    if promise.owner_id == member.pk:
        return True
    return No(_("約束した本人だけが行えます。"))


def may_write_review(member: Member, review: Review) -> Answer:
    """The body's own review is written by the office, a department's by its manager or the office."""
    if review.department is not None:
        return leads(member, review.department)
    return True if member.authority.is_office else NOT_OFFICE


def may_remark(member: Member, review: Review) -> Answer:
    """所見 and 助言 come from managers, executives, the office and consultants."""
    authority = member.authority
    if authority.is_office or authority.is_manager or authority.is_executive or authority.is_consultant:
        return True
    return No(_("所見は、所属長・決裁者・事務局・外部専門家が書けます。"))


def may_write_action(member: Member, action: Action) -> Answer:
    """What is to be done, by whom and until when is set by those who write the review."""
    return may_write_review(member, action.review)


def may_finish(member: Member, action: Action) -> Answer:
    """An action is reported done by whoever does it, or by those who write the review."""
    if action.who_id == member.pk:
        return True
    return may_write_review(member, action.review)


def sees_persons(member: Member) -> bool:
    """May the member read names and small numbers? Somebody who is here only as a consultant may not."""
    return bool(member.authority.roles - {"consultant"})
