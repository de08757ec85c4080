"""Rules of completions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member
from municipality.organisation.rules import is_office
from training.assignments.models import Assignment
from training.completions.models import Completion


def may_complete(member: Member, assignment: Assignment) -> Answer:
    """The person may complete an e-learning course, the office any course."""
    if member.authority.is_office:
        return True
    if assignment.member_id != member.pk:
        return Refusal(_("修了を記録できるのは、本人か事務局の人だけです。"))
    if assignment.course.is_self_paced:
        return True
    return Refusal(_("この研修の修了は、受講の後に事務局が記録します。"))


def may_list_completions(member: Member) -> Answer:
    """The office may list what was recorded, to find what was recorded wrongly."""
    return is_office(member)


def may_void(member: Member, completion: Completion) -> Answer:
    """The office may void a completion that was recorded wrongly."""
    return is_office(member)
