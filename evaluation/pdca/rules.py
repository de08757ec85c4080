"""Who may write a review, remark on it, and change or finish an action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.rules import NOT_OFFICE, leads

if TYPE_CHECKING:
    from evaluation.pdca.reviews.models import Action, Review
    from municipality.organisation.models import Member


def may_write_review(member: Member, review: Review) -> Answer:
    """The body's own review is written by the office, a department's by its manager or the
    office.
    """
    if review.department is not None:
        return leads(member, review.department)
    return True if member.authority.is_office else NOT_OFFICE


def may_remark(member: Member, review: Review) -> Answer:
    """所見 and 助言 come from managers, executives, the office and consultants."""
    authority = member.authority
    if (
        authority.is_office
        or authority.is_manager
        or authority.is_executive
        or authority.is_consultant
    ):
        return True
    return Refusal(_("所見は、所属長・決裁者・事務局・外部専門家が書けます。"))


def may_write_action(member: Member, action: Action) -> Answer:
    """What is to be done, by whom and until when is set by those who write the review."""
    return may_write_review(member, action.review)


def may_finish(member: Member, action: Action) -> Answer:
    """An action is reported on and reported done by whoever does it, or by those who write the
    review.
    """
    if action.who_id == member.pk:
        return True
    return may_write_review(member, action.review)


def may_reopen(member: Member, action: Action) -> Answer:
    """A completion is taken back by those who may report it; what was called off, by those who may
    call off.
    """
    if action.state == action.State.DONE:
        return may_finish(member, action)
    return may_write_action(member, action)
