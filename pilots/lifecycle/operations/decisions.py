"""Decisions (決裁) about a pilot or an expansion, and their results."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.decisions.models import Decision
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Member
from pilots.lifecycle.requirements import conditions_to_request, require_all
from pilots.planning.decisions import put_to_decision
from pilots.planning.models import Pilot
from pilots.planning.rules import may_run

PILOT = "pilots.pilot"


@operation
def request_pilot_decision(pilot: Pilot, *, by: Member, now: datetime) -> Decision:
    """Put the pilot to decision (決裁に回す), the first time or again after 差戻し. Its criteria must be
    fixed.
    """
    require(may_run(by, pilot))
    if pilot.state != Pilot.State.PLANNED:
        raise Conflict(
            _("「%(state)s」の試行は、決裁に回せません。") % {"state": pilot.get_state_display()},
            pilot.get_absolute_url(),
        )
    require_all(conditions_to_request(pilot))
    with override("ja"):
        title = _("試行「%(name)s」の実施") % {"name": pilot.name}
    return put_to_decision(PILOT, pilot, title=title, by=by, now=now)


@operation
def pilot_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the pilot as 決裁中, if nothing is missing, whether it was submitted from its own page or
    from the decision's.
    """
    pilot = Pilot.objects.get(pk=decision.subject_id)
    require_all(conditions_to_request(pilot))
    move(pilot, Pilot.State.DECIDING)


@operation
def pilot_decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Mark the pilot as approved: it can be started from its first day on."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    move(pilot, Pilot.State.APPROVED)
    record(by, "pilot.approved", pilot, municipality=pilot.municipality_id)
    if pilot.lead_id != decision.drafter_id:
        notify(pilot.lead, "pilots.approved", pilot, now=now, title=pilot.name)


@operation
def pilot_returned(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the pilot as returned (差戻し): it can be changed again."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    move(pilot, Pilot.State.PLANNED)
    record(by, "pilot.returned", pilot)


@operation
def pilot_ended(decision: Decision, by: Member, now: datetime) -> None:
    """After 取下げ the pilot is planned again; 却下 finishes it."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    if decision.state == Decision.State.REJECTED:
        with override("ja"):
            note = _("決裁で却下されました。")
        move(
            pilot,
            Pilot.State.FINISHED,
            outcome=Pilot.Outcome.STOP,
            outcome_note=note,
            finished_at=now,
        )
        record(by, "pilot.rejected", pilot)
    elif pilot.state == Pilot.State.DECIDING:
        move(pilot, Pilot.State.PLANNED)
        record(by, "pilot.withdrawn", pilot)
