"""Rules of reviews, remarks and improvement actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.organisation.rules import NOT_OFFICE, leads

if TYPE_CHECKING:
    from evaluation.pdca.actions.models import Action
    from evaluation.pdca.reviews.models import Review
    from municipality.organisation.models import Member


def reviews_in_sight(member: Member, of: str = "") -> Q:
    """The reviews in the reach of one's roles, and the body's own. Where one is staff, once they
    are closed or decided. `of` leads from the row that is asked for to its review: "review__".
    """
    authority = member.authority
    path = f"{of}department__path"
    closed = ~Q((f"{of}state", "entering"))
    whole = Q((f"{of}department", None))
    if not authority.roles - {"staff"}:
        whole &= Q((f"{of}state", "decided"))
    return authority.by_role(path) | (authority.reach(path) & closed) | whole


def sees_before_closing(member: Member, path: str) -> bool:
    """Does the member see the reviews of the department with this path while they are entered?"""
    return any(path.startswith(reached) for reached in member.authority.paths)


def may_write_review(member: Member, review: Review) -> Answer:
    """The office may write the body's own review; its manager or the office a department's."""
    if review.department is not None:
        return leads(member, review.department)
    return True if member.authority.is_office else NOT_OFFICE


def may_remark(member: Member, review: Review) -> Answer:
    """Managers, executives, the office and consultants may remark (所見, 助言)."""
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
    """Members who may write the review may set text, person and due day."""
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
