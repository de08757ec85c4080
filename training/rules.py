"""Who may, in training. Each rule answers True or No(reason)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.models import Member
from municipality.rules import Answer, No, is_office

from .models import Assignment, Course
from .people import sees_people


def may_manage_courses(member: Member, course: Course | None = None) -> Answer:
    """The office keeps the courses and assigns people to them."""
    return is_office(member)


def may_see_progress(member: Member, course: Course | None = None) -> Answer:
    """How far people are is for those who answer for some."""
    return True if sees_people(member) else No(_("受講の状況は、所属長・人事・事務局の人だけが見られます。"))


def may_complete(member: Member, assignment: Assignment) -> Answer:
    """An e-learning course by oneself, any course by the office."""
    if member.authority.is_office:
        return True
    if assignment.member_id != member.pk:
        return No(_("修了を記録できるのは、本人か事務局の人だけです。"))
    if assignment.course.is_self_paced:
        return True
    return No(_("この研修の修了は、受講の後に事務局が記録します。"))


def may_cancel(member: Member, assignment: Assignment) -> Answer:
    """The office takes an assignment back."""
    return is_office(member)
