"""Participants: asked by those who run the pilot, and agreeing each for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import move
from municipality.notifications.operations.notify import notify
from municipality.organisation.models import Department, Member
from pilots.participants.models import Participant
from pilots.participants.operations.courses import assign_to_participant, release_courses
from pilots.participants.rules import may_remove, may_take_part, needed_on
from pilots.planning.checks import PlanExtent, posted_in
from pilots.planning.models import Pilot, PilotKind
from pilots.planning.operations import hold
from pilots.planning.rules import may_run
from pilots.planning.wording import joined, several
from training.assignments.models import Assignment
from training.gate.requirements import missing_courses

OPEN_TO_PARTICIPANTS = (
    Pilot.State.PLANNED,
    Pilot.State.DECIDING,
    Pilot.State.APPROVED,
    Pilot.State.RUNNING,
)


@operation
def add_participants(
    pilot: Pilot, *, members: Iterable[Member], by: Member, now: datetime, device: str = ""
) -> list[Participant]:
    """Ask people of the pilot's departments to take part; people who had left are asked again,
    others stay unchanged. The time of who had taken part stays in a row of its own.

    Each is notified and agrees alone. Raises Conflict for a person who is not posted in one of the
    departments today, and where all of them were asked before: somebody else was first.
    """
    require(may_run(by, pilot))
    hold(pilot)
    if pilot.state not in OPEN_TO_PARTICIPANTS:
        raise Conflict(
            _("「%(state)s」の試行には、参加者を加えられません。")
            % {"state": pilot.get_state_display()}
        )
    members, today = list(members), timezone.localdate(now)
    homes = homes_in(pilot, members, today)
    asked = pilot.participants.filter(member__in=members).order_by("pk")
    known = {row.member_id: row for row in asked}
    wanted = [
        member
        for member in members
        if member.pk not in known or known[member.pk].state == Participant.State.LEFT
    ]
    if members and not wanted:
        raise Conflict(_("選んだ職員には、すでに参加を依頼しています。"))
    fresh = [
        _ask(
            pilot,
            member,
            known.get(member.pk),
            department=homes[member.pk],
            device=device,
            asked_on=today,
        )
        for member in wanted
    ]
    for row in fresh:
        notify(row.member, "pilots.asked", row, stage=today.isoformat(), now=now, title=pilot.name)
    record(
        by,
        "pilot.participants_added",
        pilot,
        count=len(fresh),
        members=[row.member_id for row in fresh],
    )
    return fresh


def homes_in(pilot: Pilot, members: Iterable[Member], today: date) -> dict[int, Department]:
    """Department of each member's first posting inside the pilot, by member number. Raises Conflict
    naming the members without one.
    """
    members = list(members)
    postings = (
        posted_in(PlanExtent.of(pilot), today)
        .filter(member__in=members)
        .acting_first()
        .select_related("department")
    )
    homes: dict[int, Department] = {}
    for posting in postings:
        homes.setdefault(posting.member_id, posting.department)
    outside = [member.name for member in members if member.pk not in homes]
    if outside and pilot.kind == PilotKind.MANAGERS:
        raise Conflict(
            _(
                "管理職の先行実施に参加できるのは、対象部署の管理職だけです。%(names)sは参加者にできません。"
            )
            % {"names": several(outside)}
        )
    if outside:
        raise Conflict(
            _("%(names)sは対象部署に在職していないため、参加者にできません。")
            % {"names": several(outside)}
        )
    return homes


def _ask(pilot: Pilot, member: Member, known: Participant | None, **values: Any) -> Participant:
    if known is not None and known.agreed_on is None:
        return move(known, Participant.State.ASKED, left_on=None, **values)
    return Participant.objects.create(
        municipality_id=pilot.municipality_id, pilot=pilot, member=member, **values
    )


@operation
def agree(participant: Participant, *, by: Member, now: datetime) -> Participant:
    """Agree, by the person. A pilot that runs already also requires every required course. Raises
    Conflict otherwise.
    """
    require(may_take_part(by, participant))
    pilot, today = participant.pilot, timezone.localdate(now)
    hold(pilot)
    if pilot.state not in OPEN_TO_PARTICIPANTS:
        raise Conflict(
            _("「%(state)s」の試行には参加できません。") % {"state": pilot.get_state_display()}
        )
    runs = pilot.state == Pilot.State.RUNNING
    if lacking := missing_courses([by.pk], needed_on(pilot, today))[by.pk] if runs else []:
        titles = joined(course.name for course in lacking)
        raise Conflict(
            _("必須研修「%(titles)s」を修了してから同意してください。") % {"titles": titles},
            participant.get_absolute_url(),
        )
    move(participant, Participant.State.AGREED, agreed_on=today)
    record(by, "pilot.agreed", participant)
    assign_to_participant(participant, by=by, now=now)
    return participant


@operation
def assign_courses(participant: Participant, *, by: Member, now: datetime) -> list[Assignment]:
    """Have the required courses assigned, by the person: before agreeing to a pilot that runs
    already, or when a course became required after the consent. Returns the new assignments.
    """
    require(may_take_part(by, participant))
    if participant.state == Participant.State.LEFT:
        raise Conflict(_("この試行には参加していません。"), participant.get_absolute_url())
    hold(participant.pilot)
    if participant.pilot.state not in OPEN_TO_PARTICIPANTS:
        raise Conflict(
            _("「%(state)s」の試行には参加できません。")
            % {"state": participant.pilot.get_state_display()},
            participant.get_absolute_url(),
        )
    return assign_to_participant(participant, by=by, now=now)


@operation
def decline(participant: Participant, *, by: Member, now: datetime) -> Participant:
    """Decline or leave, by the person. Earlier records stay. Raises Conflict once the pilot is
    being evaluated: who took part is fixed then. Open assignments that came of the consent are
    cancelled.
    """
    require(may_take_part(by, participant))
    hold(participant.pilot)
    if participant.pilot.is_judged:
        raise Conflict(_("評価が始まった試行からは、抜けられません。"))
    move(participant, Participant.State.LEFT, left_on=timezone.localdate(now))
    record(by, "pilot.declined", participant)
    release_courses(
        Participant.objects.filter(pk=participant.pk), on=timezone.localdate(now), by=by
    )
    return participant


@operation
def remove_participant(participant: Participant, *, by: Member, now: datetime) -> Participant:
    """Remove a participant, and cancel open assignments that came of the consent. Raises Conflict
    once the pilot is being evaluated, because participation must not change then.
    """
    require(may_remove(by, participant))
    hold(participant.pilot)
    if participant.pilot.state not in OPEN_TO_PARTICIPANTS:
        raise Conflict(
            _("「%(state)s」の試行の参加者は変更できません。")
            % {"state": participant.pilot.get_state_display()}
        )
    move(participant, Participant.State.LEFT, left_on=timezone.localdate(now))
    record(by, "pilot.removed", participant)
    release_courses(
        Participant.objects.filter(pk=participant.pk), on=timezone.localdate(now), by=by
    )
    return participant
