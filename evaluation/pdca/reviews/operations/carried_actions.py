"""Carrying unfinished improvement actions over from one review to the next."""

from __future__ import annotations

from datetime import datetime

from evaluation.pdca.reviews.models import Action, Review
from municipality.core.transitions import move


def carry_over(review: Review, *, now: datetime) -> int:
    """Carry the open actions of the latest closed review before this one over into it; their
    number. It runs inside an operation.
    """
    before = (
        _alike(review)
        .filter(first__lt=review.first)
        .exclude(state=Review.State.ENTERING)
        .order_by("-first")
        .first()
    )
    return _carry(before, review, now) if before else 0


def carry_on(review: Review, *, now: datetime) -> int:
    """Carry the open actions of a review that was closed late over to the next one, when that is
    open already; their number.
    """
    after = (
        _alike(review)
        .filter(first__gt=review.first, state=Review.State.ENTERING)
        .order_by("first")
        .first()
    )
    return _carry(review, after, now) if after else 0


def _alike(review: Review):
    return Review.objects.of(review.municipality_id).filter(
        cadence=review.cadence, department=review.department_id
    )


def _carry(before: Review, after: Review, now: datetime) -> int:
    actions = list(before.actions.open())
    for action in actions:
        move(action, Action.State.CARRIED)
        Action.objects.create(
            municipality_id=after.municipality_id,
            review=after,
            what=action.what,
            who_id=action.who_id,
            due_on=action.due_on,
            added_at=now,
            carried_from=action,
        )
    return len(actions)
