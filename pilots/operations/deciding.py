"""A pilot or an expansion on its way through 決裁, and what comes back from there."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipality.models import Decision, Department, Member
from municipality.operations import notify, operation, record
from municipality.operations.decisions import draft_decision, submit_decision
from municipality.rules import Conflict, require
from municipality.states import move
from pilots.models import Expansion, Pilot
from pilots.rules import may_run
from pilots.steps import conditions_to_request, require_all

PILOT, EXPANSION = "pilots.pilot", "pilots.expansion"


@operation
def request_pilot_decision(pilot: Pilot, *, by: Member, now: datetime) -> Decision:
    """Put the pilot to decision (決裁に回す), the first time or again after 差戻し. Its criteria must be fixed."""
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


def put_to_decision(matter: str, subject: Pilot | Expansion, *, title: str, by: Member, now: datetime) -> Decision:
    """Send the subject's open decision on its way, or a new one."""
    open_one = Decision.objects.filter(
        municipality_id=subject.municipality_id, matter=matter, subject_id=subject.pk, closed_at=None
    ).first()
    decision = open_one or draft_decision(
        matter, subject.pk, title=title[:120], by=by, now=now, department=home_of(by, timezone.localdate(now))
    )
    submit_decision(decision, by=by, now=now)
    subject.refresh_from_db()
    return decision


def home_of(member: Member, day: date) -> Department:
    """The department one drafts from: that of the main posting of the day. Raises Conflict for somebody without any."""
    postings = member.postings.on(day).select_related("department").order_by("kind", "starts_on")
    found = sorted(postings, key=lambda posting: posting.kind != posting.Kind.MAIN)
    if not found:
        raise Conflict(_("発令がないため起案できません。"))
    return found[0].department


@operation
def pilot_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Sent on its way, from its own page or from the decision's: 決裁中, if nothing is missing."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    require_all(conditions_to_request(pilot))
    move(pilot, Pilot.State.DECIDING)


@operation
def expansion_submitted(decision: Decision, by: Member, now: datetime) -> None:
    """Sent on its way, from its own page or from the decision's: 決裁中."""
    move(Expansion.objects.get(pk=decision.subject_id), Expansion.State.DECIDING)


@operation
def pilot_decided(decision: Decision, by: Member | None, now: datetime) -> None:
    """Approved: it can be started from its first day on."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    move(pilot, Pilot.State.APPROVED)
    record(by, "pilot.approved", pilot, municipality=pilot.municipality_id)
    if pilot.lead_id != decision.drafter_id:
        notify(pilot.lead, "pilots.approved", pilot, now=now, title=pilot.name)


@operation
def pilot_returned(decision: Decision, by: Member, now: datetime) -> None:
    """差戻し: it can be changed again."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    move(pilot, Pilot.State.PLANNED)
    record(by, "pilot.returned", pilot)


@operation
def pilot_ended(decision: Decision, by: Member, now: datetime) -> None:
    """取下げ leaves it planned; 却下 ends it."""
    pilot = Pilot.objects.get(pk=decision.subject_id)
    if decision.state == Decision.State.REJECTED:
        with override("ja"):
            note = _("決裁で却下されました。")
        move(pilot, Pilot.State.FINISHED, outcome=Pilot.Outcome.STOP, outcome_note=note, finished_at=now)
        record(by, "pilot.rejected", pilot)
    elif pilot.state == Pilot.State.DECIDING:
        move(pilot, Pilot.State.PLANNED)
        record(by, "pilot.withdrawn", pilot)


@operation
def expansion_returned(decision: Decision, by: Member, now: datetime) -> None:
    """差戻し: it can be changed again, and its evidence is measured anew when it is."""
    expansion = Expansion.objects.get(pk=decision.subject_id)
    move(expansion, Expansion.State.DRAFT)
    record(by, "expansion.returned", expansion)


@operation
def expansion_ended(decision: Decision, by: Member, now: datetime) -> None:
    """却下 or 取下げ: this application is closed; another one can be made."""
    expansion = Expansion.objects.get(pk=decision.subject_id)
    rejected = decision.state == Decision.State.REJECTED
    move(expansion, Expansion.State.REJECTED if rejected else Expansion.State.WITHDRAWN, decided_at=now)
    record(by, "expansion.rejected" if rejected else "expansion.withdrawn", expansion)
