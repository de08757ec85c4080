"""Operations of an open review: texts, remarks, closing (締め) with frozen figures, and its
decision.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.pdca.actions.operations import keep_known_actions
from evaluation.pdca.reviews.measurement import (
    ReviewUsage,
    definitions,
    measured,
    previous_figures,
)
from evaluation.pdca.reviews.models import Remark, Review, ReviewFigure, details_of
from evaluation.pdca.reviews.queries import read_lacks
from evaluation.pdca.rules import may_remark, may_write_review
from municipality.audit.log import operation, record
from municipality.core.figures import Figure
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.core.worded import sentences, strung
from municipality.decisions.models import Decision
from municipality.decisions.operations.decisions import draft_decision, submit_decision
from municipality.decisions.operations.route_requests import ask_for_route
from municipality.decisions.rules import may_open_draft
from municipality.organisation.models import Department, Member

MATTER = "evaluation.review"


@operation
def save_review(
    review: Review,
    *,
    plan_text: str,
    do_text: str,
    check_text: str,
    act_text: str,
    edition: int,
    by: Member,
) -> Review:
    """Save the texts of Plan, Do, Check and Act. Raises Conflict when stale or put to decision
    already.
    """
    require(may_write_review(by, review))
    require_open_to_changes(review)
    change(
        review,
        edition=edition,
        plan_text=plan_text,
        do_text=do_text,
        check_text=check_text,
        act_text=act_text,
    )
    record(by, "review.saved", review)
    return review


def require_open_to_changes(review: Review) -> None:
    """Raises Conflict once it was put to decision."""
    if not review.is_open_to_changes:
        raise Conflict(_("決裁に回したレビューは変更できません。"), review.get_absolute_url())


@operation
def add_remark(review: Review, *, text: str, by: Member, now: datetime) -> Remark:
    """Add a remark to a review (所見; 助言 from a consultant). Name, post and role of today are stored
    with it.
    """
    require(may_remark(by, review))
    if review.state == Review.State.DECIDED:
        raise Conflict(_("決裁が済んだレビューには、所見を加えられません。"))
    role, post = role_speaking(by), post_of(by)
    remark = Remark.objects.create(
        municipality_id=review.municipality_id,
        review=review,
        member=by,
        name=by.name,
        post=post,
        role=role,
        text=text.strip(),
        is_advice=role == "consultant",
        written_at=now,
    )
    record(by, "review.remarked", review, advice=remark.is_advice)
    return remark


def role_speaking(member: Member) -> str:
    """Role in which the member remarks on reviews: from outside, as manager, as executive, or for
    the office.
    """
    order = ("consultant", "manager", "executive", "office")
    return next((role for role in order if role in member.authority.roles), "staff")


def post_of(member: Member) -> str:
    """Department and title of the main post today, as one says it: 総務課 課長; the title alone at
    the top.
    """
    if not member.authority.postings:
        return ""
    posting = member.authority.postings[0]
    return (
        posting.post.title
        if posting.department.is_body
        else f"{posting.department.name} {posting.post.title}"
    )


@operation
def close_review(review: Review, *, by: Member, now: datetime) -> Review:
    """締め: freeze the figures with the definitions they were made by. They never change again.

    Raises Conflict when it is closed already, or while something is missing.
    """
    require(may_write_review(by, review))
    require_nothing_lacks(review)
    move(review, Review.State.CLOSED, closed_by=by, closed_at=now)
    usage, known = ReviewUsage(review), definitions(review.municipality_id)
    figures, previous = measured(usage.own, review.period), previous_figures(review, usage.before)
    ReviewFigure.objects.bulk_create(
        ReviewFigure(
            municipality_id=review.municipality_id,
            review=review,
            indicator=known[code],
            numerator=figure.numerator,
            denominator=figure.denominator,
            missing=len(figure.missing),
            details=details_of(figure),
            frozen_at=now,
            **_previous(previous.get(code)),
        )
        for code, figure in figures.items()
        if code in known
    )
    actions = keep_known_actions(review, now=now)
    record(by, "review.closed", review, figures=len(figures), actions=actions)
    return review


def _previous(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {}
    return {
        "previous_numerator": figure.numerator,
        "previous_denominator": figure.denominator,
        "previous_details": details_of(figure),
    }


def require_nothing_lacks(review: Review) -> None:
    """Raises Conflict that names all that is missing, with the way to the first of it."""
    lacks = read_lacks(review)
    if lacks:
        words = sentences(*(lack.words for lack in lacks))
        raise Conflict(
            _("このままでは締められません。%(lacks)s") % {"lacks": words}, lacks[0].address
        )


@operation
def request_review_decision(review: Review, *, by: Member, now: datetime) -> Decision:
    """Put a closed review to decision: a new decision, or the returned one with its changes (next
    revision).
    """
    decision = draft_review_decision(review, by=by, now=now)
    return submit_decision(decision, by=by, now=now)


@operation
def draft_review_decision(review: Review, *, by: Member, now: datetime) -> Decision:
    """Draft the decision about a closed review (起案), so that its route is seen before it is sent;
    the open one where there is one.
    """
    _require_to_be_closed(review, by)
    require_nothing_lacks(review)
    if open_one := open_decision(review):
        require(may_open_draft(by, open_one))
    return open_one or draft_decision(
        MATTER,
        review.pk,
        title=_decision_title(review),
        by=by,
        now=now,
        department=review.department,
    )


@operation
def ask_for_review_route(review: Review, *, by: Member, now: datetime) -> None:
    """Ask the office to draft in the stead of who closed the review. Raises Conflict."""
    _require_to_be_closed(review, by)
    ask_for_route(
        MATTER,
        review,
        title=_decision_title(review),
        by=by,
        now=now,
        department=review.department,
    )


def _require_to_be_closed(review: Review, by: Member) -> None:
    require(may_write_review(by, review))
    if review.state != Review.State.CLOSED:
        raise Conflict(_("締めたレビューだけを、決裁に回せます。"))


def _decision_title(review: Review) -> str:
    """月次レビュー 令和8年10月分 企画財政課."""
    return strung(" ", review.title, review.place)


def departments_asked(number: int) -> list[Department]:
    """The department of the review with this number; none for the body's own."""
    department = Review.objects.select_related("department").get(pk=number).department
    return [department] if department else []


def cadence_of(number: int) -> str:
    """The cadence of the review with this number."""
    return Review.objects.values_list("cadence", flat=True).get(pk=number)


def open_decision(review: Review) -> Decision | None:
    """Open decision about the review, or None."""
    decisions = Decision.objects.of(review.municipality_id).filter(
        matter=MATTER, subject_id=review.pk, closed_at=None
    )
    return decisions.select_related("drafter", "department", "municipality").first()


def submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the review as put to decision: it cannot be changed from now on."""
    review = Review.objects.get(pk=decision.subject_id)
    require_nothing_lacks(review)
    move(review, Review.State.DECIDING)
    record(by, "review.requested", review)


def decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Mark the review as decided."""
    review = Review.objects.get(pk=decision.subject_id)
    move(review, Review.State.DECIDED, decided_at=now)
    record(by, "review.decided", review, municipality=review.municipality_id)


def sent_back(decision: Decision, by: Member, now: datetime) -> None:
    """Open the review to changes after the decision was returned, withdrawn or rejected; its
    figures stay frozen.
    """
    review = Review.objects.get(pk=decision.subject_id)
    if review.state == Review.State.DECIDING:
        move(review, Review.State.CLOSED)
        record(by, "review.reopened", review)
