"""改善項目: adding, reporting on, giving to somebody else, moving to another day, finishing, calling
off and taking back. Each is a line of its history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.pdca.actions.models import Action, ActionEntry, ActionInReview
from evaluation.pdca.rules import may_finish, may_reopen, may_write_action, may_write_review
from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change, move
from municipality.notifications.operations.notify import notify
from municipality.organisation.leadership import nearest_holders, role_holders
from municipality.organisation.models import Member

if TYPE_CHECKING:
    from evaluation.pdca.reviews.models import Review

Kind = ActionEntry.Kind


@operation
def add_action(
    review: Review, *, what: str, who: Member | None, due_on: date | None, by: Member, now: datetime
) -> Action:
    """Add an action. Until the review is closed it may lack who or until when; afterwards it must
    be complete.
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
    _enter(action, Kind.ADDED, by, now, due_on=due_on, who=who)
    if not review.is_entering:
        keep_known_action(action, now=now)
    record(by, "action.added", action)
    _tell_holder(action, by, now)
    return action


class ActionTerms(NamedTuple):
    """What is to be done, by whom and until when."""

    what: str
    who: Member | None
    due_on: date | None


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
    """Change what, who or until when while the review that raised the action can be changed. Once
    it is closed, who and until when need a reason: `move_due_date`, `give_to`.
    """
    require(may_write_action(by, action))
    require_unfinished(action)
    _require_open(action.review, complete=bool(what.strip() and who and due_on))
    before = ActionTerms(action.what, action.who, action.due_on)
    if not action.review.is_entering and (who, due_on) != (before.who, before.due_on):
        raise Conflict(
            _("締めた後は、担当と期限を、理由を付けて改善項目の画面で変更してください。")
        )
    change(action, edition=edition, what=what.strip(), who=who, due_on=due_on)
    _enter_changes(action, before, by, now)
    if not action.review.is_entering:
        keep_known_action(action, now=now)
    record(by, "action.changed", action, due_on=due_on, who=who.name if who else "")
    if action.who != before.who:
        _tell_holders(action, before.who, by, now)
    elif action.due_on != before.due_on and before.due_on is not None:
        _tell_new_day(action, by, now)
    return action


def _require_open(review: Review, *, complete: bool) -> None:
    if not review.is_open_to_changes:
        raise Conflict(_("決裁に回したレビューの改善項目は変更できません。"))
    if not review.is_entering and not complete:
        raise Conflict(_("締めた後の改善項目には、内容・担当・期限のすべてが必要です。"))


def require_unfinished(action: Action) -> None:
    """Raises Conflict once the action is over."""
    if not action.is_open:
        raise Conflict(_("終わった改善項目は変更できません。"), action.get_absolute_url())


def _enter(
    action: Action, kind: str, by: Member | None, now: datetime, text: str = "", **changed: Any
) -> ActionEntry:
    """A line of the history."""
    return ActionEntry.objects.create(
        municipality_id=action.municipality_id,
        action=action,
        kind=kind,
        by=by,
        at=now,
        text=text.strip(),
        **changed,
    )


def _enter_changes(action: Action, before: ActionTerms, by: Member, now: datetime) -> None:
    if action.what != before.what:
        _enter(action, Kind.CHANGED, by, now, before.what)
    if action.due_on != before.due_on:
        _enter(action, Kind.DUE, by, now, due_on=action.due_on, earlier_due_on=before.due_on)
    if action.who != before.who:
        _enter(action, Kind.HOLDER, by, now, who=action.who, earlier_who=before.who)


@operation
def report_on(
    action: Action, *, text: str, wanted_due_on: date | None = None, by: Member, now: datetime
) -> ActionEntry:
    """経過の報告: say how far it is. With another day that is wanted, those who may set it are told;
    until they do, the day stands.
    """
    require(may_finish(by, action))
    require_unfinished(action)
    _require_text(text, _("報告の内容を入力してください。"))
    entry = _enter(action, Kind.REPORT, by, now, text, due_on=wanted_due_on)
    record(by, "action.reported", action, due_on=wanted_due_on)
    if wanted_due_on is not None:
        _tell(_writers(action, now), "action.wanted", action, f"{now:%y%m%d%H%M%S}", by=by, now=now)
    return entry


@operation
def move_due_date(
    action: Action, *, due_on: date, reason: str, edition: int, by: Member, now: datetime
) -> Action:
    """Set another day, with the reason. The earlier one stays in the history, and the reminders
    begin anew.
    """
    require(may_write_action(by, action))
    require_unfinished(action)
    _require_text(reason, _("期限を変更する理由を入力してください。"))
    if due_on == action.due_on:
        raise Conflict(_("いまの期限と同じ日です。"))
    earlier = action.due_on
    change(action, edition=edition, due_on=due_on)
    _enter(action, Kind.DUE, by, now, reason, due_on=due_on, earlier_due_on=earlier)
    record(by, "action.moved", action, due_on=due_on, earlier=earlier)
    _tell_new_day(action, by, now)
    return action


@operation
def give_to(
    action: Action, *, who: Member, reason: str, edition: int, by: Member, now: datetime
) -> Action:
    """Give the action to somebody else, with the reason. Both are told."""
    require(may_write_action(by, action))
    require_unfinished(action)
    _require_text(reason, _("担当を変更する理由を入力してください。"))
    if who.pk == action.who_id:
        raise Conflict(_("いまの担当と同じ人です。"))
    earlier = action.who
    change(action, edition=edition, who=who)
    _enter(action, Kind.HOLDER, by, now, reason, who=who, earlier_who=earlier)
    record(by, "action.given", action, who=who.name)
    _tell_holders(action, earlier, by, now)
    return action


@operation
def finish_action(action: Action, *, outcome: str, by: Member, now: datetime) -> Action:
    """Report an action done, with what became of it."""
    require(may_finish(by, action))
    _require_text(outcome, _("どうなったかを入力してください。"))
    move(action, Action.State.DONE, finished_at=now, outcome=outcome.strip())
    _enter(action, Kind.DONE, by, now, outcome)
    record(by, "action.finished", action, outcome=outcome)
    return action


@operation
def cancel_action(action: Action, *, outcome: str, by: Member, now: datetime) -> Action:
    """Call an action off; the reason is required."""
    require(may_write_action(by, action))
    _require_text(outcome, _("取りやめる理由を入力してください。"))
    move(action, Action.State.CANCELLED, finished_at=now, outcome=outcome.strip())
    _enter(action, Kind.CANCELLED, by, now, outcome)
    record(by, "action.cancelled", action, outcome=outcome)
    return action


@operation
def reopen_action(action: Action, *, reason: str, by: Member, now: datetime) -> Action:
    """Take a wrong completion or calling off back, with the reason. What was reported stays in the
    history.
    """
    require(may_reopen(by, action))
    _require_text(reason, _("進行中に戻す理由を入力してください。"))
    move(action, Action.State.OPEN, finished_at=None, outcome="")
    _enter(action, Kind.REOPENED, by, now, reason)
    record(by, "action.reopened", action, reason=reason)
    holder = [action.who] if action.who else []
    _tell(holder, "action.reopened", action, f"e{action.edition}", by=by, now=now)
    return action


def _require_text(text: str, words: str) -> None:
    if not text.strip():
        raise Conflict(words)


def _writers(action: Action, now: datetime) -> Iterable[Member]:
    """Who may set another day: the nearest manager of the review's department, or the office."""
    today, review = timezone.localdate(now), action.review
    managers = (
        nearest_holders("manager", review.department.path, today) if review.department else []
    )
    return managers or role_holders("office", review.municipality_id, today)


def _tell_holder(action: Action, by: Member, now: datetime) -> None:
    if action.who is not None:
        _tell([action.who], "action.given", action, f"e{action.edition}", by=by, now=now)


def _tell_holders(action: Action, earlier: Member | None, by: Member, now: datetime) -> None:
    _tell_holder(action, by, now)
    if earlier is not None:
        _tell([earlier], "action.taken", action, f"e{action.edition}", by=by, now=now)


def _tell_new_day(action: Action, by: Member, now: datetime) -> None:
    if action.who is not None:
        _tell([action.who], "action.moved", action, f"e{action.edition}", by=by, now=now)


def _tell(
    people: Iterable[Member], rule: str, action: Action, stage: str, *, by: Member, now: datetime
) -> None:
    """Once per change of the action (`stage`), never to who made it."""
    for person in people:
        if person.pk != by.pk:
            notify(person, rule, action, stage=stage, now=now, what=action.what)


def keep_known_actions(review: Review, *, now: datetime) -> int:
    """Keep what is known of every action that the review follows; how many. Inside an operation."""
    actions = Action.objects.followed_by(review).with_last_report()
    known = [_known(review, action, now) for action in actions]
    ActionInReview.objects.bulk_create(known)
    return len(known)


def keep_known_action(action: Action, *, now: datetime) -> None:
    """Keep what is known of one action that its review, closed already, raised or worded anew."""
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
