"""Rules of 1on1: meeting, recording, notes and promises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.appraisal.access.evaluators import leads_member
from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair, Promise
from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member


def may_meet(member: Member, other: Member) -> Answer:
    """A leader of the other's department today may begin 1on1."""
    if member.pk == other.pk:
        return Refusal(_("自分との1on1は始められません。"))
    if leads_member(member, other.pk):
        return True
    return Refusal(_("所属する職員とだけ、1on1を始められます。"))


def may_record(member: Member, pair: Pair) -> Answer:
    """The manager of the pair may record and correct a 1on1 while they lead the other."""
    if pair.manager_id != member.pk:
        return Refusal(_("1on1の記録は、行った所属長が入力します。"))
    if leads_member(member, pair.member_id):
        return True
    return Refusal(_("いまの発令では、この職員の所属長ではありません。"))


def may_note(member: Member, talk: OneOnOne) -> Answer:
    """Each of the two may write a private note."""
    if member.pk in (talk.pair.manager_id, talk.pair.member_id):
        return True
    return Refusal(_("1on1の2人だけが、メモを残せます。"))


def may_keep(member: Member, promise: Promise) -> Answer:
    """The member who gave the promise may mark it as kept."""
    if promise.owner_id == member.pk:
        return True
    return Refusal(_("約束した本人だけが行えます。"))
