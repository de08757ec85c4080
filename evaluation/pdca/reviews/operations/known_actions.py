"""What is known of the actions is kept with each review that is closed."""

from __future__ import annotations

from datetime import datetime

from evaluation.pdca.reviews.models import Action, ActionInReview, Review


def keep_known_actions(review: Review, *, now: datetime) -> int:
    """Keep what is known of every action that the review follows; how many. Inside an operation."""
    actions = Action.objects.followed_by(review).with_last_report()
    known = [_known(review, action, now) for action in actions]
    ActionInReview.objects.bulk_create(known)
    return len(known)


def keep_known_action(action: Action, *, now: datetime) -> None:
    """The same for one action that its review, closed already, raised or worded anew."""
    ActionInReview.objects.filter(review=action.review, action=action).delete()
    row = Action.objects.with_last_report().get(pk=action.pk)
    _known(action.review, row, now).save()


def _known(review: Review, action: Action, now: datetime) -> ActionInReview:
    return ActionInReview(
        municipality_id=review.municipality_id,
        review=review,
        action=action,
        state=action.state,
        due_on=action.due_on,
        who_id=action.who_id,
        last_report=action.last_report or "",
        outcome=action.outcome,
        known_at=now,
    )
