"""改善項目: adding, changing, finishing and cancelling improvement actions."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from evaluation.pdca.reviews.models import Action, Review
from evaluation.pdca.rules import may_finish, may_write_action, may_write_review
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Member


@operation
def add_action(
    review: Review, *, what: str, who: Member | None, due_on: date | None, by: Member, now: datetime
) -> Action:
    """Add an action. Before the review is closed, person and due day may be missing; afterwards it
    must be complete.
    """
    require(may_write_review(by, review))
    _require_open(review, complete=bool(what.strip() and who and due_on))
    action = Action.objects.create(
        municipality_id=review.municipality_id,
        review=review,
        what=what.strip(),
        who=who,
        due_on=due_on,
        added_at=now,
    )
    record(by, "action.added", action)
    _tell(action, by, now)
    return action


@operation
def change_action(
    action: Action,
    *,
    what: str,
    who: Member | None,
    due_on: date | None,
    edition: int,
    by: Member,
    now: datetime,
) -> Action:
    """Change text, person or due day of an open action. Raises Conflict when stale, finished or
    carried over.
    """
    require(may_write_action(by, action))
    if not action.is_open:
        raise Conflict(_("終わった改善項目は変更できません。"))
    _require_open(action.review, complete=bool(what.strip() and who and due_on))
    before = action.who_id
    change(action, edition=edition, what=what.strip(), who=who, due_on=due_on)
    record(by, "action.changed", action, due_on=due_on, who=who.name if who else "")
    if action.who_id != before:
        _tell(action, by, now)
    return action


def _require_open(review: Review, *, complete: bool) -> None:
    if not review.is_open_to_changes:
        raise Conflict(_("決裁に回したレビューの改善項目は変更できません。"))
    if not review.is_entering and not complete:
        raise Conflict(_("締めた後の改善項目には、内容・担当・期限のすべてが必要です。"))


def _tell(action: Action, by: Member, now: datetime) -> None:
    if action.who is not None and action.who_id != by.pk:
        notify(action.who, "action.given", action, now=now, what=action.what)


@operation
def finish_action(action: Action, *, outcome: str, by: Member, now: datetime) -> Action:
    """Finish an action, with its outcome."""
    require(may_finish(by, action))
    move(action, Action.State.DONE, finished_at=now, outcome=outcome.strip())
    record(by, "action.finished", action, outcome=outcome)
    return action


@operation
def cancel_action(action: Action, *, outcome: str, by: Member, now: datetime) -> Action:
    """Cancel an action; the reason is required."""
    require(may_write_action(by, action))
    if not outcome.strip():
        raise Conflict(_("取りやめる理由を入力してください。"))
    move(action, Action.State.CANCELLED, finished_at=now, outcome=outcome.strip())
    record(by, "action.cancelled", action, outcome=outcome)
    return action
