"""Decisions that rest: whoever came to a step since it was opened is told, and what became the
drafter's own is passed over.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from municipality.audit.log import operation
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Step
from municipality.decisions.operations.turn_notifications import RULES, tell, tellings_of
from municipality.decisions.operations.workflow import advance, hold, only_the_drafter, skip
from municipality.notifications.models import Notice
from municipality.organisation.models import Municipality
from municipality.organisation.open_days import open_days


def watch_turns(municipality: Municipality, now: datetime) -> int:
    """The successor after a transfer, who may act now that the holder is away, the office of a post
    that fell vacant: how many were told. Safe to repeat; nothing on closed days and before the hour
    of the reminders.
    """
    day = timezone.localdate(now)
    if timezone.localtime(now).hour < settings.REMINDER_HOUR or not open_days(municipality).is_open(
        day
    ):
        return 0
    steps = _current(municipality)
    standing = StepActors.of(steps, day) if steps else None
    own = [step for step in steps if standing is not None and only_the_drafter(step, standing)]
    for step in own:
        pass_over(step, now=now)
    return tell_new(municipality, now=now) if steps else 0


def _current(municipality: Municipality) -> list[Step]:
    rows = Step.objects.of(municipality).current().select_related("decision", "post", "department")
    return list(rows.order_by("pk"))


@operation
def pass_over(step: Step, *, now: datetime) -> None:
    """A step whose post the drafter alone came to hold is passed over, like one that was theirs
    from the beginning.
    """
    hold(step.decision)
    step.refresh_from_db(fields=["state", "edition"])
    if step.state == Step.State.CURRENT and only_the_drafter(
        step, StepActors.of([step], timezone.localdate(now))
    ):
        skip(step)
        advance(step.decision, now=now)


@operation
def tell_new(municipality: Municipality, *, now: datetime) -> int:
    """Tell those who have not been told of a turn yet; how many. Five queries, and what the new
    ones cost.
    """
    steps = _current(municipality)
    standing = StepActors.of(steps, timezone.localdate(now))
    wanted = [telling for step in steps for telling in tellings_of(step, standing, now)]
    decisions = {step.decision_id for step in steps}
    told = Notice.objects.of(municipality).filter(rule__in=RULES, object_id__in=decisions)
    known = set(told.values_list("member", "key"))
    return tell([telling for telling in wanted if (telling.member, telling.key) not in known], now)
