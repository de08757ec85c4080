"""The actions on the page of a review: as they stand while it is entered, as they were known once
it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from evaluation.pdca.actions.models import Action, ActionInReview
from evaluation.pdca.reviews.models import Review
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays


@dataclass(frozen=True)
class ActionRow:
    """One line. `state` is what its badge is drawn from, `now` the action itself where it has
    changed its state since the closing; `is_from_before` says that an earlier review raised it.
    """

    action: Action
    who: Member | None
    due_on: date | None
    left: int | None
    state: Action | ActionInReview
    report: str
    is_from_before: bool
    now: Action | None = None

    @property
    def lacks(self) -> bool:
        """Is it open without what, who or until when?"""
        complete = self.action.what and self.who and self.due_on
        return self.state.state == Action.State.OPEN and not complete


def action_rows(review: Review, today: date, calendar: OpenDays | None) -> list[ActionRow]:
    """The lines, those of earlier reviews first: as they stand where a calendar counts the days
    left, else as known at the closing. The page says who only to those who may see persons.
    """
    rows = _as_they_stand(review, today, calendar) if calendar else _as_known(review)
    return sorted(rows, key=lambda row: (not row.is_from_before, row.action.pk))


def _as_they_stand(review: Review, today: date, calendar: OpenDays) -> Iterable[ActionRow]:
    actions = Action.objects.followed_by(review).with_last_report().select_related("who")
    for action in actions:
        left = calendar.left(today, action.due_on) if action.due_on else None
        yield ActionRow(
            action=action,
            who=action.who,
            due_on=action.due_on,
            left=left if action.is_open else None,
            state=action,
            report=action.last_report or "",
            is_from_before=action.review_id != review.pk,
        )


def _as_known(review: Review) -> Iterable[ActionRow]:
    for known in review.known_actions.select_related("action", "who"):
        yield ActionRow(
            action=known.action,
            who=known.who,
            due_on=known.due_on,
            left=None,
            state=known,
            report=known.outcome or known.last_report,
            is_from_before=known.action.review_id != review.pk,
            now=known.action if known.action.state != known.state else None,
        )
