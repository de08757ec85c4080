"""Who may record a completion."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.models import Member
from training.assignments.models import Assignment


def may_complete(member: Member, assignment: Assignment) -> Answer:
    """An e-learning course by oneself, any course by the office."""
    if member.authority.is_office:
        return True
    if assignment.member_id != member.pk:
        return Refusal(_("修了を記録できるのは、本人か事務局の人だけです。"))
    if assignment.course.is_self_paced:
        return True
    return Refusal(_("この研修の修了は、受講の後に事務局が記録します。"))
