"""Decisions (決裁) about a pilot or an expansion, and their results."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.core.worded import said
from municipality.decisions.models import Decision
from municipality.decisions.operations.route_requests import ask_for_route
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member
from municipality.organisation.operations.departments import hold_departments
from pilots.lifecycle.requirements import (
    conditions_to_request,
    departments_ready,
    require_all,
)
from pilots.participants.operations.courses import assign_to_lead
from pilots.planning.decisions import draft_of, put_to_decision
from pilots.planning.models import ALONE_IN_ITS_DEPARTMENTS, Pilot
from pilots.planning.operations import require_free
from pilots.planning.readiness import exceptions_not_shown, readiness_rows
from pilots.planning.rules import may_run
from pilots.results.operations import close_pilot
from rollout.readiness.queries import readiness_of_all

PILOT = "pilots.pilot"


@operation
def request_pilot_decision(pilot: Pilot, *, by: Member, now: datetime) -> Decision:
    """Put the pilot to decision (決裁に回す), the first time or again after 差戻し. Its criteria must be
    fixed.
    """
    require_to_be_planned(pilot, by, now)
    return put_to_decision(PILOT, pilot, title=decision_title(pilot), by=by, now=now)


@operation
def draft_pilot_decision(pilot: Pilot, *, by: Member, now: datetime) -> Decision:
    """Draft the decision about the pilot (起案), so that its route is seen before it is sent."""
    require_to_be_planned(pilot, by, now)
    return draft_of(PILOT, pilot, title=decision_title(pilot), by=by, now=now)


@operation
def ask_for_pilot_route(pilot: Pilot, *, by: Member, now: datetime) -> None:
    """Ask the office to draft in the stead of who runs the pilot. Raises Conflict."""
    require_to_be_planned(pilot, by, now)
    ask_for_route(PILOT, pilot, title=decision_title(pilot), by=by, now=now)


def decision_title(pilot: Pilot) -> str:
    """試行「第1期試行」の実施."""
    return said(gettext_lazy("試行「%(name)s」の実施"), name=pilot.name)


def require_to_be_planned(pilot: Pilot, by: Member, now: datetime) -> None:
    """Only a planned pilot with fixed criteria is put to decision. Raises Conflict."""
    require(may_run(by, pilot))
    if pilot.state != Pilot.State.PLANNED:
        raise Conflict(
            _("「%(state)s」の試行は、決裁に回せません。") % {"state": pilot.get_state_display()},
            pilot.get_absolute_url(),
        )
    require_all(conditions_to_request(pilot, timezone.localdate(now)))


def departments_of_pilot(number: int) -> list[Department]:
    """The departments of the pilot with this number."""
    return Pilot.objects.get(pk=number).places


@operation
def pilot_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Sent on its way, from its own page or from the decision's: 決裁中, if nothing is missing. How
    ready its departments are is kept for the decision.
    """
    pilot, today = Pilot.objects.get(pk=decision.subject_id), timezone.localdate(now)
    require_all(conditions_to_request(pilot, today))
    move(pilot, Pilot.State.DECIDING, readiness=readiness_rows(pilot.places, today))


def pilot_checked(decision: Decision, now: datetime) -> None:
    """Before anybody approves a step: its departments still meet their 必須条件 or are passed over as
    the decision shows, and are free in its days.
    """
    _require_possible(Pilot.objects.get(pk=decision.subject_id), now)


def _require_possible(pilot: Pilot, now: datetime) -> None:
    hold_departments(pilot.places)
    today = timezone.localdate(now)
    require_all([departments_ready(pilot, today)])
    _refuse_other_exceptions(pilot, today)
    if pilot.kind in ALONE_IN_ITS_DEPARTMENTS:
        require_free(pilot.places, pilot.starts_on, pilot.ends_on, but=pilot)


def _refuse_other_exceptions(pilot: Pilot, today: date) -> None:
    """Raise Conflict when a 必須条件 was passed over after it was sent, or anew on other terms: those
    who approved before have read another reason.
    """
    answers = readiness_of_all(pilot.places, today).values()
    for each in exceptions_not_shown(answers, pilot.readiness):
        raise Conflict(
            _(
                "%(department)sの必須条件「%(code)s %(name)s」の例外は、決裁に回した後に承認されました。"
                "差し戻して、もう一度決裁に回してください。"
            )
            % ({"department": each["of"]} | each),
            pilot.get_absolute_url(),
        )


@operation
def pilot_decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Mark the pilot as approved: it can be started from its first day on. Raises Conflict when
    one of its departments has been taken, or stands against it, since it was sent.
    """
    pilot = Pilot.objects.get(pk=decision.subject_id)
    _require_possible(pilot, now)
    move(pilot, Pilot.State.APPROVED)
    record(by, "pilot.approved", pilot, municipality=pilot.municipality_id)
    assign_to_lead(pilot, by=by, now=now)
    if pilot.lead_id != decision.drafter_id:
        notify(pilot.lead, "pilots.approved", pilot, now=now, title=pilot.name)


@operation
def pilot_returned(decision: Decision, by: Member, now: datetime) -> None:
    """Mark the pilot as returned (差戻し) or taken back (引戻し): it can be changed again."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    move(pilot, Pilot.State.PLANNED)
    record(
        by,
        "pilot.taken_back" if decision.state == Decision.State.DRAFT else "pilot.returned",
        pilot,
    )


@operation
def pilot_ended(decision: Decision, by: Member, now: datetime) -> None:
    """After 取下げ the pilot is planned again; 却下 finishes it."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    if decision.state == Decision.State.REJECTED:
        with override("ja"):
            note = _("決裁で却下されました。")
        close_pilot(pilot, Pilot.Outcome.STOP, note, by=by, now=now, verb="pilot.rejected")
    elif pilot.state == Pilot.State.DECIDING:
        move(pilot, Pilot.State.PLANNED)
        record(by, "pilot.withdrawn", pilot)
