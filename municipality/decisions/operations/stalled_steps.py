"""Stalled decisions: people who came to a current step after it was opened are notified, and a step
that became the drafter's own is skipped.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from municipality.audit.log import operation
from municipality.clock.operations.guarded import each_guarded
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Step
from municipality.decisions.operations.turn_notifications import (
    RULES,
    send_turn_notices,
    turn_notices,
)
from municipality.decisions.operations.workflow import advance, hold, only_the_drafter, skip
from municipality.notifications.models import Notice
from municipality.organisation.models import Municipality
from municipality.organisation.open_days import open_days


def watch_turns(municipality: Municipality, now: datetime) -> int:
    """Notify those who may act now: the successor after a transfer, deputies when the holder is
    away, the office when the post fell vacant. Number of notices.

    Safe to repeat; nothing happens on closed days and before the hour of the reminders.
    """
    day = timezone.localdate(now)
    if timezone.localtime(now).hour < settings.REMINDER_HOUR or not open_days(municipality).is_open(
        day
    ):
        return 0
    steps = _current(municipality)
    actors = StepActors.of(steps, day) if steps else None
    if actors is None:
        return 0

    def watch(step: Step) -> int:
        if only_the_drafter(step, actors):
            pass_over(step, now=now)
        return 0

    rows = {step.pk: step for step in steps}
    each_guarded(municipality, "municipality.pass_over ", rows, watch, now=now)
    return notify_new_actors(municipality, now=now)


def _current(municipality: Municipality) -> list[Step]:
    rows = Step.objects.of(municipality).current().select_related("decision", "post", "department")
    return list(rows.order_by("pk"))


@operation
def pass_over(step: Step, *, now: datetime) -> None:
    """Skip a step whose post only the drafter holds by now, like a step that was the drafter's from
    the beginning.
    """
    hold(step.decision)
    step.refresh_from_db(fields=["state", "edition"])
    if step.state == Step.State.CURRENT and only_the_drafter(
        step, StepActors.of([step], timezone.localdate(now))
    ):
        skip(step)
        advance(step.decision, now=now)


def notify_new_actors(municipality: Municipality, *, now: datetime) -> int:
    """Notify those who may act at a current step and have no notice of it yet; number of notices.
    Six queries, and those of the new notices. Each step is on its own: one that fails keeps nobody
    else from being told.
    """
    steps = _current(municipality)
    actors = StepActors.of(steps, timezone.localdate(now))
    decisions = {step.decision_id for step in steps}
    notices = Notice.objects.of(municipality).filter(rule__in=RULES, object_id__in=decisions)
    known = set(notices.values_list("member", "key"))

    def tell(step: Step) -> int:
        wanted = turn_notices(step, actors, now)
        new = [notice for notice in wanted if (notice.member, notice.key) not in known]
        if not new:
            return 0
        with transaction.atomic():
            return send_turn_notices(new, now)

    rows = {step.pk: step for step in steps}
    return each_guarded(municipality, "municipality.notify_new_actors ", rows, tell, now=now).done
